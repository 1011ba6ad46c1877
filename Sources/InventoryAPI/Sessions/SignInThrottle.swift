internal import Foundation
internal import HTTPTypes
internal import Inventory
internal import Logging
internal import Metrics

/// Slows down the guessing of passwords: each failed sign-in beyond a few makes the next wait longer.
///
/// Failures are counted three times: for a user name from one address, so that a guesser does not
/// keep out the user whose name it is; for an address, whichever names it tries; and for a name, by the
/// addresses that have failed with it, against a guesser who has many of them. The last does not hold
/// back an address from which the name has signed in before.
actor SignInThrottle {
    /// A user name that somebody claims, and from where.
    private struct Claim: Hashable {
        let username: Username
        /// ``ClientAddress/network``; nil where the connection has no address.
        let network: [UInt8]?
    }

    /// How many failures cost nothing.
    ///
    /// A claim has some because people mistype, an address more because many people share one, and a
    /// name most because anybody can guess at it. Of a name only the first failure of each claim
    /// counts, and one is forgotten every ``usernameFading`` seconds, so that it takes more than
    /// a hundred addresses to reach it, however long some of them go on.
    private static let freeFailures = (claim: 4, address: 40, username: 100)
    /// The longest time between two attempts, in seconds.
    private static let longestDelay = 60.0
    /// After how many seconds without a failure those before it are forgotten.
    private static let memory = 15.0 * 60
    private static let usernameFading = memory / Double(freeFailures.username)
    /// How many claims, names and addresses are remembered.
    static let capacity = 10_000

    private enum Outcome: String, CaseIterable {
        case right
        case wrong
        /// It was too early for another attempt.
        case tooEarly = "too_early"
    }

    private let attempts = Outcome.allCases.reduce(into: [Outcome: Counter]()) {
        counters, outcome in
        counters[outcome] = Counter(
            label: "sign_ins_total", dimensions: [("outcome", outcome.rawValue)])
    }
    private var claims = FailedAttempts<Claim>(
        free: freeFailures.claim, longestDelay: longestDelay, memory: memory, capacity: capacity)
    private var addresses = FailedAttempts<[UInt8]>(
        free: freeFailures.address, longestDelay: longestDelay, memory: memory,
        capacity: capacity)
    private var usernames = FailedAttempts<Username>(
        free: freeFailures.username, longestDelay: longestDelay, memory: memory,
        fading: usernameFading, capacity: capacity)
    /// The claims that were right, and when each last was.
    private var rightClaims: [Claim: Date] = [:]

    /// Lets a password be checked unless it is too early for that, and remembers how it went.
    ///
    /// - Parameter check: Returns nil where the password is wrong.
    /// - Throws: ``Problem`` of type `too-many-attempts`, and what `check` throws, which counts as no
    ///   attempt.
    nonisolated func attempt<Value: Sendable>(
        by username: Username?, from address: ClientAddress?, at now: @Sendable () -> Date,
        logger: Logger, _ check: () async throws -> Value?
    ) async throws -> Value? {
        if let wait = await begin(username, address, at: now()) {
            attempts[.tooEarly]?.increment()
            logger.notice("sign-in too early", metadata: address.metadata)
            throw Problem.tooManyAttempts(wait: wait)
        }
        let value: Value?
        do {
            value = try await check()
        } catch {
            await abandoned(username, address)
            throw error
        }
        guard let value, let username else {
            attempts[.wrong]?.increment()
            await failed(username, address, at: now())
            return nil
        }
        attempts[.right]?.increment()
        await succeeded(username, address, at: now())
        return value
    }

    /// Begins an attempt, which counts as a failure until it is known to be none: of many at once,
    /// no more may pass than one after the other.
    ///
    /// Returns how long to wait where it is too early for one.
    func begin(_ username: Username?, _ address: ClientAddress?, at now: Date) -> TimeInterval? {
        let network = address?.network
        let claim = username.map { Claim(username: $0, network: network) }
        var wait = network.map { addresses.wait(for: $0, at: now) } ?? 0
        if let claim {
            wait = max(wait, claims.wait(for: claim, at: now))
            if rightClaims[claim] == nil {
                wait = max(wait, usernames.wait(for: claim.username, at: now))
            }
        }
        guard wait <= 0 else { return wait }
        if let claim {
            claims.add(claim, at: now)
            if claims.entries[claim]?.failures == 1 { usernames.add(claim.username, at: now) }
        }
        if let network { addresses.add(network, at: now) }
        return nil
    }

    /// The attempt was right: what failed before it from the same address is forgiven to the name, but
    /// not to the address, since a guesser may have an account too.
    func succeeded(_ username: Username, _ address: ClientAddress?, at now: Date) {
        let claim = Claim(username: username, network: address?.network)
        claims.forget(claim)
        usernames.takeBack(username)
        if let address { addresses.takeBack(address.network) }
        if rightClaims[claim] == nil, rightClaims.count >= Self.capacity { forgetOldClaims() }
        rightClaims[claim] = now
    }

    /// The attempt was wrong: its delay begins now, since checking a password takes a while.
    func failed(_ username: Username?, _ address: ClientAddress?, at now: Date) {
        if let username {
            claims.restartDelay(
                for: Claim(username: username, network: address?.network), at: now)
            usernames.restartDelay(for: username, at: now)
        }
        if let address { addresses.restartDelay(for: address.network, at: now) }
    }

    /// The attempt ended before it was known whether it was right, and counts no more.
    func abandoned(_ username: Username?, _ address: ClientAddress?) {
        if let username {
            let claim = Claim(username: username, network: address?.network)
            claims.takeBack(claim)
            if claims.entries[claim] == nil { usernames.takeBack(username) }
        }
        if let address { addresses.takeBack(address.network) }
    }

    private func forgetOldClaims() {
        let newest = rightClaims.sorted { $0.value > $1.value }.prefix(Self.capacity / 2)
        rightClaims = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
    }
}

extension Problem {
    fileprivate static func tooManyAttempts(wait: TimeInterval) -> Problem {
        let seconds = Int(max(1, wait.rounded(.up)))
        return Problem(
            type: .tooManyAttempts, detail: "Too many attempts; try again in \(seconds) s.",
            headers: [.retryAfter: "\(seconds)"])
    }
}

extension ClientAddress? {
    /// What a line of the log says of it.
    var metadata: Logger.Metadata {
        map { ["address": "\($0)"] } ?? [:]
    }
}
