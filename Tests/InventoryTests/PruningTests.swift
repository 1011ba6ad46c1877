import Inventory
import Testing

@Suite struct PruningTests {
    @Test(
        arguments: [
            ([1, 1, 1], 3), ([10_000, 1], 1), ([9_999, 1, 1], 2), ([1, 10_000], 1),
            // A change that is larger than a step is pruned alone.
            ([1_000_000, 1], 1), ([5, 1_000_000], 1),
        ])
    func stepIsBoundedByItsNumbers(counts: [Int], expected: Int) throws {
        let changes = counts.enumerated().map { (id: Int64($0.offset + 7), count: $0.element) }
        let step = try #require(Pruning(changes))
        #expect(step.count == expected)
        #expect(step.lastID == Int64(6 + expected))
    }

    @Test func emptyHistoryHasNoStep() {
        #expect(Pruning([]) == nil)
    }
}
