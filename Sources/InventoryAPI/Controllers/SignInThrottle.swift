internal import Foundation
internal import Inventory

/// Slows down who guesses passwords: each failed sign-in beyond a few makes the next wait longer,
/// for one user name from wherever, and for one address with whichever name.
actor SignInThrottle {
    /// How many failures cost nothing.
    ///
    /// People mistype, and many share one address.
    private static let freeFailures = (username: 4, address: 40)
    /// In seconds, as are all delays.
    private static let longestDelay = 60.0
    /// After this long without a failure, what was before is forgotten.
    private static let memory = 15.0 * 60
    /// How many names, and how many addresses, are remembered.
    static let capacity = 10_000

    private var usernames = FailureLog<Username>(
        free: freeFailures.username, longestDelay: longestDelay, memory: memory,
        capacity: capacity)
    private var addresses = FailureLog<[UInt8]>(
        free: freeFailures.address, longestDelay: longestDelay, memory: memory,
        capacity: capacity)

    /// Begins an attempt, which counts as a failure until it is known to be none: of many at once,
    /// no more may pass than one after the other.
    ///
    /// Returns how long to wait where it is too early for one.
    func begin(_ username: Username?, _ address: ClientAddress?, at now: Date) -> TimeInterval? {
        let household = address?.household
        let wait = max(
            username.map { usernames.wait(for: $0, at: now) } ?? 0,
            household.map { addresses.wait(for: $0, at: now) } ?? 0)
        guard wait <= 0 else { return wait }
        if let username { usernames.add(username, at: now) }
        if let household { addresses.add(household, at: now) }
        return nil
    }

    /// The attempt was right: the name's failures are forgiven, the address's others are not, since
    /// who guesses may have an account too.
    func succeeded(_ username: Username, _ address: ClientAddress?) {
        usernames.forget(username)
        if let address { addresses.takeBack(address.household) }
    }

    /// The attempt was wrong: its delay begins now, since checking a password takes a while.
    func failed(_ username: Username?, _ address: ClientAddress?, at now: Date) {
        if let username { usernames.restartDelay(for: username, at: now) }
        if let address { addresses.restartDelay(for: address.household, at: now) }
    }

    /// The attempt came to no end.
    func abandoned(_ username: Username?, _ address: ClientAddress?) {
        if let username { usernames.takeBack(username) }
        if let address { addresses.takeBack(address.household) }
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
