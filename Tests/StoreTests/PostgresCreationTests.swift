import Foundation
import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// Numbers that are created at the same time share statements; with `scripts/with-postgres`.
@Suite(.stores, .enabled(if: Backend.hasPostgres)) struct PostgresCreationTests {
    private static let contents = Array(DemoNumbers(seed: 11).prefix(60))
    /// The number whose creation fails, in the middle of the others.
    private static let odd = contents[30]

    private static func author(_ index: Int) -> Author {
        Author(username: "user\(index)", at: Date(timeIntervalSince1970: Double(index)))
    }

    /// Creates all ``contents`` at the same time, and returns the error that ``odd`` fails with.
    ///
    /// Expects that each other number was created, with its own change.
    ///
    /// - Parameter betweenSteps: Called after the creations, before the comparison.
    private func createAll(
        in store: PostgresStore, betweenSteps: () async throws -> Void = {}
    ) async throws -> any Error {
        let outcomes = try await race(Self.contents.count) { index in
            do {
                let created = try await store.createNumber(
                    Self.contents[index], by: Self.author(index))
                return (index, Result<RecordedNumber, any Error>.success(created))
            } catch {
                return (index, .failure(error))
            }
        }
        try await betweenSteps()
        var failure: (any Error)?
        for (index, outcome) in outcomes {
            guard Self.contents[index] != Self.odd else {
                failure = #expect(throws: (any Error).self) { try outcome.get() }
                continue
            }
            let created = try outcome.get()
            #expect(created.number.content == Self.contents[index])
            #expect(try await store.number(created.number.id) == created.number)
            let change = try await store.change(try #require(created.change))
            #expect(change.author == Self.author(index))
            let history = try await store.history(ofNumber: created.number.id, Paging()).elements
            #expect(history.map(\.change.id) == [change.id])
            #expect(history.map(\.number) == [.created(created.number)])
            #expect(change.number == .created(created.number))
        }
        #expect(try await store.count() == outcomes.count - 1)
        return try #require(failure)
    }

    @Test func existingNumberIsReported() async throws {
        let store = try await Backend.postgresStore()
        let holder = try await store.createNumber(Self.odd)
        let error = try await createAll(in: store) {
            try await store.deleteNumber(holder.id, if: .always)
        }
        guard case InventoryError.numberExists(holder.id, Self.odd.value) = error else {
            throw error
        }
    }

    @Test func duplicateOfABatchIsCreatedOnce() async throws {
        let store = try await Backend.postgresStore()
        let contents = [
            try NumberContent("+55 84 91234-4321", setupPrice: "1"),
            try NumberContent("+55 84 91234-4321", setupPrice: "2"),
            try NumberContent("+55 84 91234-4320", setupPrice: "3"),
        ]
        let outcomes = try await store.create(
            contents.map { Creation(content: $0, author: .tester) },
            for: contents.map { _ in DatabaseOperation("create") })
        // Nil means that the batcher must run the request alone, so that only this one fails.
        #expect(outcomes.map { $0 == nil } == [false, true, false])
        for index in [0, 2] {
            let created = try #require(outcomes[index])
            #expect(try await store.number(created.number.id).content == contents[index])
            #expect(try await store.history(ofNumber: created.number.id, Paging()).total == 1)
        }
        #expect(try await store.count() == 2)
    }

    @Test func refusedNumberFailsNoOthers() async throws {
        let store = try await Backend.postgresStore()
        try await PostgresStore.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON number FOR EACH ROW
            WHEN (NEW.digits = '\(Self.odd.value.digits)') EXECUTE FUNCTION refuse()
            """, at: store.address)
        let error = try await createAll(in: store)
        #expect((error as? PostgresError)?.description == "not this one")
    }

    @Test func lockedNumberFailsNoOthers() async throws {
        let store = try await Backend.postgresStore()
        let other = try Connection(store.address)
        try other.execute("BEGIN")
        // Use another currency, so that no creation waits for the row that counts its currency.
        _ = try other.query(
            """
            INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
            VALUES ($1, $1, 1, 1, 'XXX')
            """, [.text(Self.odd.value.digits)])
        let start = ContinuousClock.now
        let error = try await createAll(in: store) {
            // The odd request waits twice, in the batch and alone, each time for a connection and
            // for the lock.
            #expect(ContinuousClock.now - start < .seconds(20))
            try other.execute("ROLLBACK")
        }
        guard case InventoryError.unavailable = error else { throw error }
    }
}
