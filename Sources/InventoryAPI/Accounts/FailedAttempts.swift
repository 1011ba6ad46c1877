internal import Foundation

/// Counts the failed attempts of a bounded number of keys. A nil key has no failures.
struct FailedAttempts<Key: Hashable> {
    struct Entry {
        var failures = 0
        var last: Date
        /// The time up to which ``fading`` was applied to the failures.
        var faded: Date
    }

    /// How many failures cause no delay.
    let free: Int
    /// The longest delay, in seconds.
    var longestDelay = 60.0
    /// Seconds without a failure after which all failures of a key are forgotten.
    var memory = 15.0 * 60
    /// The seconds after which one more failure is forgotten, even if others follow.
    var fading: TimeInterval?
    var capacity = 10_000
    private(set) var entries: [Key: Entry] = [:]

    /// How long the next attempt must wait: 1, 2, 4 … seconds after one, two, three … failures
    /// beyond the free ones; zero or less if it need not wait.
    func wait(for key: Key?, at now: Date) -> TimeInterval {
        guard let entry = key.flatMap({ entries[$0] }).map({ faded($0, at: now) }),
            entry.failures > free
        else { return 0 }
        let delay = min(pow(2, Double(entry.failures - free - 1)), longestDelay)
        return entry.last.addingTimeInterval(delay).timeIntervalSince(now)
    }

    /// Counts a failure, and returns how many the key has.
    @discardableResult
    mutating func add(_ key: Key?, at now: Date) -> Int {
        guard let key else { return 0 }
        if entries[key] == nil, entries.count >= capacity { makeRoom(at: now) }
        var entry = entries[key].map { faded($0, at: now) } ?? Entry(last: now, faded: now)
        if now.timeIntervalSince(entry.last) > memory { entry.failures = 0 }
        entry.failures += 1
        entry.last = now
        entries[key] = entry
        return entry.failures
    }

    private func faded(_ entry: Entry, at now: Date) -> Entry {
        guard let fading else { return entry }
        let count = Int(max(0, now.timeIntervalSince(entry.faded)) / fading)
        return Entry(
            failures: max(0, entry.failures - count), last: entry.last,
            faded: entry.faded.addingTimeInterval(Double(count) * fading))
    }

    mutating func restartDelay(for key: Key?, at now: Date) {
        if let key { entries[key]?.last = now }
    }

    /// Removes one failure, and returns how many the key still has.
    @discardableResult
    mutating func removeFailure(of key: Key?) -> Int {
        guard let key, var entry = entries[key] else { return 0 }
        entry.failures -= 1
        entries[key] = entry.failures > 0 ? entry : nil
        return max(0, entry.failures)
    }

    mutating func removeAll(of key: Key) {
        entries[key] = nil
    }

    /// Removes old entries and, if that is not enough, those with the fewest failures, so that many
    /// new keys do not displace a guesser's key.
    private mutating func makeRoom(at now: Date) {
        entries = entries.filter { now.timeIntervalSince($0.value.last) <= memory }
        guard entries.count > capacity / 2 else { return }
        let most = entries.sorted { $0.value.failures > $1.value.failures }.prefix(capacity / 2)
        entries = Dictionary(uniqueKeysWithValues: most.map { ($0.key, $0.value) })
    }
}
