import Inventory
@testable import PostgresStore
import StoreTesting
import Testing

/// A request with a key that another program is using; with `scripts/with-postgres`.
@Suite(.stores, .enabled(if: Backend.hasPostgres)) struct PostgresIdempotencyTests {
    @Test func waitsForAnotherServerThatUsesTheKey() async throws {
        let store = try await Backend.postgresStore()
        let other = try Connection(store.address)
        try other.execute("BEGIN")
        try other.lock(try IdempotencyKey("key", of: "tester"))
        let start = ContinuousClock.now
        let write = IdempotencyContract.Write.create
        #expect(await failure { try await write.send(to: store) } == "idempotencyKeyInUse")
        #expect(ContinuousClock.now - start >= IdempotencyKey.longestWait)
        async let waiting: Void = write.send(to: store)
        try other.execute("COMMIT")
        try await waiting
    }
}
