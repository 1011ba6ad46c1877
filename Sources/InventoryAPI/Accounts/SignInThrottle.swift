internal import Foundation
internal import Inventory
internal import Logging
internal import Metrics

/// Slows down password guessing: each failed sign-in beyond a few doubles the next delay. Failures
/// are counted per name and address, which does not lock out the owner of the name; per address,
/// against guesses at many names; and per name, against guesses from many addresses. The count per
/// name does not delay an address from which the name has signed in before.
actor SignInThrottle {
    /// A name and the network from which it signs in.
    private struct Claim: Hashable {
        let username: Username
        /// ``ClientAddress/network``; nil if the connection has no address.
        let network: [UInt8]?

        init?(_ username: Username?, _ address: ClientAddress?) {
            guard let username else { return nil }
            (self.username, network) = (username, address?.network)
        }
    }

    /// How many failures cause no delay: users mistype, many users share an address, and any client
    /// can guess at a name. For a name, only the first failure of each claim counts, and one is
    /// forgotten every nine seconds, so an attack needs more than a hundred addresses to reach the
    /// limit.
    private static let freeFailures = (claim: 4, address: 40, username: 100)

    private let right = counter("right")
    private let wrong = counter("wrong")
    private let tooEarly = counter("too_early")
    private var claims = FailedAttempts<Claim>(free: freeFailures.claim)
    private var addresses = FailedAttempts<[UInt8]>(free: freeFailures.address)
    private var usernames = FailedAttempts<Username>(free: freeFailures.username, fading: 9)
    /// When each claim last signed in.
    private var rightClaims: [Claim: Date] = [:]

    /// Calls `check` unless it is too early for another attempt. `check` must return nil if the
    /// password is wrong. An attempt whose `check` throws does not count.
    nonisolated func attempt<Value: Sendable>(
        by username: Username?, from address: ClientAddress?, at now: @Sendable () -> Date,
        logger: Logger, _ check: () async throws -> Value?
    ) async throws -> Value? {
        if let wait = await begin(username, address, at: now()) {
            tooEarly.increment()
            logger.notice("sign-in too early", metadata: address.metadata)
            let seconds = Int(max(1, wait.rounded(.up)))
            throw Problem(
                .tooManyAttempts, "Too many attempts; try again in \(seconds) s.",
                retryAfter: seconds)
        }
        let value: Value?
        do {
            value = try await check()
        } catch {
            await abandoned(username, address)
            throw error
        }
        guard let value, let username else {
            wrong.increment()
            await failed(username, address, at: now())
            return nil
        }
        right.increment()
        await succeeded(username, address, at: now())
        return value
    }

    /// Counts an attempt as a failure until its outcome is known, so that concurrent attempts gain
    /// nothing. If it is too early, returns how long to wait instead.
    func begin(_ username: Username?, _ address: ClientAddress?, at now: Date) -> TimeInterval? {
        let claim = Claim(username, address)
        var wait = max(
            addresses.wait(for: address?.network, at: now), claims.wait(for: claim, at: now))
        if claim.flatMap({ rightClaims[$0] }) == nil {
            wait = max(wait, usernames.wait(for: username, at: now))
        }
        guard wait <= 0 else { return wait }
        if claims.add(claim, at: now) == 1 { usernames.add(username, at: now) }
        addresses.add(address?.network, at: now)
        return nil
    }

    /// Resets the claim after a right password, but not the address: a guesser may have an account.
    func succeeded(_ username: Username, _ address: ClientAddress?, at now: Date) {
        guard let claim = Claim(username, address) else { return }
        claims.removeAll(of: claim)
        usernames.removeFailure(of: username)
        addresses.removeFailure(of: address?.network)
        if rightClaims[claim] == nil, rightClaims.count >= claims.capacity {
            let newest = rightClaims.sorted { $0.value > $1.value }.prefix(claims.capacity / 2)
            rightClaims = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
        }
        rightClaims[claim] = now
    }

    /// Restarts the delays when a password was found wrong, since checking it takes a while.
    func failed(_ username: Username?, _ address: ClientAddress?, at now: Date) {
        claims.restartDelay(for: Claim(username, address), at: now)
        usernames.restartDelay(for: username, at: now)
        addresses.restartDelay(for: address?.network, at: now)
    }

    private func abandoned(_ username: Username?, _ address: ClientAddress?) {
        if claims.removeFailure(of: Claim(username, address)) == 0 {
            usernames.removeFailure(of: username)
        }
        addresses.removeFailure(of: address?.network)
    }

    private static func counter(_ outcome: String) -> Counter {
        Counter(label: "sign_ins_total", dimensions: [("outcome", outcome)])
    }
}

extension ClientAddress? {
    var metadata: Logger.Metadata {
        map { ["address": "\($0)"] } ?? [:]
    }
}
