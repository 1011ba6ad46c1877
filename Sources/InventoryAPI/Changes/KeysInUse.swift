internal import Inventory
internal import Synchronization

/// The keys of the requests in progress in this process.
///
/// The store makes equal requests wait, too. But there, each would occupy a connection or a place in
/// the queue.
final class KeysInUse: Sendable {
    /// How many requests may wait for another one with the same key.
    private static let mostWaiting = 100

    private struct State {
        var keys: Set<IdempotencyKey> = []
        var waitingCount = 0
    }

    private let state = Mutex(State())

    /// Calls `body` when no other request uses the key.
    ///
    /// - Throws: ``InventoryError/idempotencyKeyInUse`` after ``IdempotencyKey/longestWait``, or at
    ///   once if too many requests wait; and what `body` throws.
    func holding<Value>(
        _ key: IdempotencyKey, _ body: () async throws -> Value
    ) async throws -> Value {
        if !take(key) { try await waitToTake(key) }
        defer { state.withLock { _ = $0.keys.remove(key) } }
        return try await body()
    }

    private func take(_ key: IdempotencyKey) -> Bool {
        state.withLock { $0.keys.insert(key).inserted }
    }

    private func waitToTake(_ key: IdempotencyKey) async throws {
        let mayWait = state.withLock { state in
            guard state.waitingCount < Self.mostWaiting else { return false }
            state.waitingCount += 1
            return true
        }
        guard mayWait else { throw InventoryError.idempotencyKeyInUse }
        defer { state.withLock { $0.waitingCount -= 1 } }
        let end = ContinuousClock.now + IdempotencyKey.longestWait
        repeat {
            guard ContinuousClock.now < end else { throw InventoryError.idempotencyKeyInUse }
            try await Task.sleep(for: .milliseconds(20))
        } while !take(key)
    }
}
