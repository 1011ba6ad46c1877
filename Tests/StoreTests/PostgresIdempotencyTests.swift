import Inventory
@testable import PostgresStore
import StoreTesting
import Testing

/// A request whose key another program uses; with `scripts/with-postgres`.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresIdempotencyTests {
    @Test func waitsForAnotherServerThatUsesTheKey() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let other = try Connection(address)
            try other.execute("BEGIN")
            try other.lock(try IdempotencyKey("key", of: "tester"))
            let start = ContinuousClock.now
            let error = try await #require(throws: InventoryError.self) {
                try await IdempotencyContract.Write.create.send(to: store)
            }
            guard case .idempotencyKeyInUse = error else { throw error }
            #expect(ContinuousClock.now - start >= IdempotencyKey.longestWait)
            async let waiting: Void = IdempotencyContract.Write.create.send(to: store)
            try other.execute("COMMIT")
            try await waiting
            await store.close()
        }
    }
}
