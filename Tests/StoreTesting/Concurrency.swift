internal import Synchronization

/// Makes many attempts at the same time and returns their outcomes, in no order.
///
/// - Throws: The first error of an attempt, so return errors that are expected.
package func race<Outcome: Sendable>(
    _ count: Int, _ attempt: @escaping @Sendable (Int) async throws -> Outcome
) async throws -> [Outcome] {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
        for index in 0..<count { group.addTask { try await attempt(index) } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}

/// Counts events in several threads.
package final class SharedCount: Sendable {
    private let count = Mutex(0)

    package init() {}

    package var value: Int { count.withLock { $0 } }

    @discardableResult
    package func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
