import Synchronization
import Testing
import Threads

@Suite struct ReadAheadTests {
    @Test func returnsAllInTheirOrder() {
        let batches = ReadAhead((1...25).makeIterator(), batchCount: 10)
        #expect(batches.next() == Array(1...10))
        #expect(batches.next() == Array(11...20))
        #expect(batches.next() == Array(21...25))
        #expect(batches.next() == [])
        #expect(batches.next() == [])
    }

    @Test func preparesOnlyOneBatchAhead() async throws {
        let counter = Counter()
        let batches = ReadAhead(counter, batchCount: 10)
        try await waitUntil { counter.count == 10 }
        #expect(batches.next() == Array(1...10))
        // The next one is prepared, and not the one after it.
        try await waitUntil { counter.count == 20 }
        try await Task.sleep(for: .milliseconds(50))
        #expect(counter.count == 20)
    }

    private func waitUntil(_ condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !condition() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

/// Counts from 1.
private final class Counter: IteratorProtocol, Sendable {
    private let made = Atomic(0)

    var count: Int { made.load(ordering: .sequentiallyConsistent) }

    func next() -> Int? { made.add(1, ordering: .sequentiallyConsistent).newValue }
}
