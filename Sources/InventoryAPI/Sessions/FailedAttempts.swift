internal import Foundation

/// How often who failed, and when at last, in bounded memory.
struct FailedAttempts<Key: Hashable> {
    struct Entry {
        var failures = 0
        var last: Date
        /// Until when failures have faded.
        var faded: Date
    }

    /// How many failures cost nothing.
    let free: Int
    let longestDelay: TimeInterval
    /// After how long without a failure those before it are forgotten.
    let memory: TimeInterval
    /// After how long one failure is forgotten, whatever comes meanwhile; nil where none is before
    /// `memory` is over.
    let fading: TimeInterval?
    let capacity: Int
    private(set) var entries: [Key: Entry] = [:]

    init(
        free: Int, longestDelay: TimeInterval, memory: TimeInterval, fading: TimeInterval? = nil,
        capacity: Int
    ) {
        self.free = free
        self.longestDelay = longestDelay
        self.memory = memory
        self.fading = fading
        self.capacity = capacity
    }

    /// How long to wait before the next attempt: after each failure beyond the free ones twice as long,
    /// 1, 2, 4 … seconds from it on.
    func wait(for key: Key, at now: Date) -> TimeInterval {
        guard let entry = entries[key].map({ faded($0, at: now) }), entry.failures > free
        else { return 0 }
        let delay = min(pow(2, Double(entry.failures - free - 1)), longestDelay)
        return entry.last.addingTimeInterval(delay).timeIntervalSince(now)
    }

    mutating func add(_ key: Key, at now: Date) {
        if entries[key] == nil, entries.count >= capacity { makeRoom(at: now) }
        var entry = entries[key].map { faded($0, at: now) } ?? Entry(last: now, faded: now)
        if now.timeIntervalSince(entry.last) > memory { entry.failures = 0 }
        entry.failures += 1
        entry.last = now
        entries[key] = entry
    }

    private func faded(_ entry: Entry, at now: Date) -> Entry {
        guard let fading else { return entry }
        let count = Int(max(0, now.timeIntervalSince(entry.faded)) / fading)
        return Entry(
            failures: max(0, entry.failures - count), last: entry.last,
            faded: entry.faded.addingTimeInterval(Double(count) * fading))
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

    /// Forgets what is old and, where that is not enough, the half that failed least: a flood of new
    /// keys does not push out who has failed often.
    private mutating func makeRoom(at now: Date) {
        entries = entries.filter { now.timeIntervalSince($0.value.last) <= memory }
        guard entries.count > capacity / 2 else { return }
        let most = entries.sorted { $0.value.failures > $1.value.failures }.prefix(capacity / 2)
        entries = Dictionary(uniqueKeysWithValues: most.map { ($0.key, $0.value) })
    }
}
