internal import Foundation
internal import Inventory

/// Slows down who guesses passwords: each failed sign-in beyond a few makes the next wait longer.
///
/// Failures count for a user name from one address, so that who guesses does not keep out whose name
/// it is; for an address, whichever names it tries; and, far beyond both, for a name from wherever,
/// against who has many addresses. The last does not hold back an address from which the name has
/// signed in before.
actor SignInThrottle {
    /// A user name, and the household that somebody claims it from; nil where that has no address.
    private struct Claim: Hashable {
        let username: Username
        let household: [UInt8]?
    }

    /// How many failures cost nothing.
    ///
    /// People mistype, many share one address, and a name may be guessed at from everywhere.
    private static let freeFailures = (claim: 4, address: 40, username: 100)
    /// In seconds, as are all delays.
    private static let longestDelay = 60.0
    /// After this long without a failure, what was before is forgotten.
    private static let memory = 15.0 * 60
    /// How many claims, names and addresses are remembered.
    static let capacity = 10_000

    private var claims = FailureLog<Claim>(
        free: freeFailures.claim, longestDelay: longestDelay, memory: memory, capacity: capacity)
    private var addresses = FailureLog<[UInt8]>(
        free: freeFailures.address, longestDelay: longestDelay, memory: memory,
        capacity: capacity)
    private var usernames = FailureLog<Username>(
        free: freeFailures.username, longestDelay: longestDelay, memory: memory,
        capacity: capacity)
    /// Those that were right, and when they last were.
    private var rightClaims: [Claim: Date] = [:]

    /// Begins an attempt, which counts as a failure until it is known to be none: of many at once,
    /// no more may pass than one after the other.
    ///
    /// Returns how long to wait where it is too early for one.
    func begin(_ username: Username?, _ address: ClientAddress?, at now: Date) -> TimeInterval? {
        let household = address?.household
        let claim = username.map { Claim(username: $0, household: household) }
        var wait = household.map { addresses.wait(for: $0, at: now) } ?? 0
        if let claim {
            wait = max(wait, claims.wait(for: claim, at: now))
            if rightClaims[claim] == nil {
                wait = max(wait, usernames.wait(for: claim.username, at: now))
            }
        }
        guard wait <= 0 else { return wait }
        if let claim {
            claims.add(claim, at: now)
            usernames.add(claim.username, at: now)
        }
        if let household { addresses.add(household, at: now) }
        return nil
    }

    /// The attempt was right: what failed before it from the same address is forgiven to the name, but
    /// not to the address, since who guesses may have an account too.
    func succeeded(_ username: Username, _ address: ClientAddress?, at now: Date) {
        let claim = Claim(username: username, household: address?.household)
        claims.forget(claim)
        usernames.takeBack(username)
        if let address { addresses.takeBack(address.household) }
        if rightClaims[claim] == nil, rightClaims.count >= Self.capacity { forgetOldClaims() }
        rightClaims[claim] = now
    }

    /// The attempt was wrong: its delay begins now, since checking a password takes a while.
    func failed(_ username: Username?, _ address: ClientAddress?, at now: Date) {
        if let username {
            claims.restartDelay(
                for: Claim(username: username, household: address?.household), at: now)
            usernames.restartDelay(for: username, at: now)
        }
        if let address { addresses.restartDelay(for: address.household, at: now) }
    }

    /// The attempt came to no end.
    func abandoned(_ username: Username?, _ address: ClientAddress?) {
        if let username {
            claims.takeBack(Claim(username: username, household: address?.household))
            usernames.takeBack(username)
        }
        if let address { addresses.takeBack(address.household) }
    }

    private func forgetOldClaims() {
        let newest = rightClaims.sorted { $0.value > $1.value }.prefix(Self.capacity / 2)
        rightClaims = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
    }
}

/// Failures by who failed, in bounded memory.
struct FailureLog<Key: Hashable> {
    private struct Entry {
        var failures = 0
        var last: Date
    }

    let free: Int
    let longestDelay: TimeInterval
    let memory: TimeInterval
    let capacity: Int
    private var entries: [Key: Entry] = [:]

    init(free: Int, longestDelay: TimeInterval, memory: TimeInterval, capacity: Int) {
        self.free = free
        self.longestDelay = longestDelay
        self.memory = memory
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// 1, 2, 4 … seconds after the last failure, beyond the free ones.
    func wait(for key: Key, at now: Date) -> TimeInterval {
        guard let entry = entries[key], entry.failures > free else { return 0 }
        let delay = min(pow(2, Double(entry.failures - free - 1)), longestDelay)
        return entry.last.addingTimeInterval(delay).timeIntervalSince(now)
    }

    mutating func add(_ key: Key, at now: Date) {
        if entries[key] == nil, entries.count >= capacity { makeRoom(at: now) }
        var entry = entries[key] ?? Entry(last: now)
        if now.timeIntervalSince(entry.last) > memory { entry.failures = 0 }
        entry.failures += 1
        entry.last = now
        entries[key] = entry
    }

    mutating func restartDelay(for key: Key, at now: Date) {
        entries[key]?.last = now
    }

    mutating func takeBack(_ key: Key) {
        guard var entry = entries[key] else { return }
        entry.failures -= 1
        entries[key] = entry.failures > 0 ? entry : nil
    }

    mutating func forget(_ key: Key) {
        entries[key] = nil
    }

    /// Forgets what is old, and where that is not enough the half that failed least: who floods the
    /// log with new keys does not push out who has failed often.
    private mutating func makeRoom(at now: Date) {
        entries = entries.filter { now.timeIntervalSince($0.value.last) <= memory }
        guard entries.count > capacity / 2 else { return }
        let most = entries.sorted { $0.value.failures > $1.value.failures }.prefix(capacity / 2)
        entries = Dictionary(uniqueKeysWithValues: most.map { ($0.key, $0.value) })
    }
}
