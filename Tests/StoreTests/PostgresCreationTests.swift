import Foundation
import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// Numbers that are created at the same time share statements; with `scripts/with-postgres`.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresCreationTests {
    private static let contents = Array(DemoNumbers(seed: 11).prefix(60))
    /// The number whose creation fails, in the middle of the others.
    private static let odd = contents[30]

    /// Creates all at once; returns the outcomes.
    private func createAll(
        in store: PostgresStore
    ) async throws -> [Result<RecordedNumber, any Error>] {
        let outcomes = try await race(Self.contents.count) { index in
            let author = Author(
                username: "user\(index)", at: Date(timeIntervalSince1970: Double(index)))
            let outcome: Result<RecordedNumber, any Error>
            do {
                outcome = .success(
                    try await store.createNumber(Self.contents[index], by: author))
            } catch {
                outcome = .failure(error)
            }
            return (index, outcome)
        }
        return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Expects that all but the odd one were created, each with its own change; returns its error.
    private func expectAllButTheOddOne(
        of outcomes: [Result<RecordedNumber, any Error>], in store: PostgresStore
    ) async throws -> any Error {
        var failure: (any Error)?
        for (index, outcome) in outcomes.enumerated() {
            guard Self.contents[index] != Self.odd else {
                failure = #expect(throws: (any Error).self) { try outcome.get() }
                continue
            }
            let created = try outcome.get()
            #expect(created.number.content == Self.contents[index])
            #expect(try await store.number(created.number.id) == created.number)
            let change = try await store.change(try #require(created.change))
            #expect(change.record.author.username == "user\(index)")
            #expect(change.record.author.at == Date(timeIntervalSince1970: Double(index)))
            let history = try await store.history(ofNumber: created.number.id, Paging()).elements
            #expect(history.map(\.change) == [change])
            #expect(history.map(\.number) == [.created(created.number)])
        }
        #expect(try await store.listNumbers(NumberQuery()).total == outcomes.count - 1)
        #expect(try await store.givesAllConnectionsBack())
        return try #require(failure)
    }

    @Test func existingNumberIsReported() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let holder = try await store.createNumber(Self.odd)
            let outcomes = try await createAll(in: store)
            #expect(try await store.deleteNumber(holder.id, if: .always).id == holder.id)
            let error = try await expectAllButTheOddOne(of: outcomes, in: store)
            guard case InventoryError.numberExists(holder.id, Self.odd.value) = error else {
                throw error
            }
            await store.close()
        }
    }

    @Test(.alone) func duplicateOfABatchIsCreatedOnce() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let contents = [
                try NumberContent("+55 84 91234-4321", setupPrice: "1"),
                try NumberContent("+55 84 91234-4321", setupPrice: "2"),
                try NumberContent("+55 84 91234-4320", setupPrice: "3"),
            ]
            let creations = contents.map { Creation(content: $0, author: .tester) }
            let outcomes = try await store.create(
                creations, for: creations.map { _ in DatabaseOperation("create") })
            // Run alone, it then fails as a duplicate.
            #expect(outcomes.map { $0 == nil } == [false, true, false])
            for index in [0, 2] {
                let created = try #require(outcomes[index])
                #expect(try await store.number(created.number.id).content == contents[index])
                #expect(try await store.history(ofNumber: created.number.id, Paging()).total == 1)
            }
            #expect(try await store.listNumbers(NumberQuery()).total == 2)
            await store.close()
        }
    }

    @Test func refusedNumberFailsNoOthers() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            try await PostgresStore.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON number FOR EACH ROW
                WHEN (NEW.digits = '\(Self.odd.value.digits)') EXECUTE FUNCTION refuse()
                """, at: address)
            let outcomes = try await createAll(in: store)
            let error = try await expectAllButTheOddOne(of: outcomes, in: store)
            #expect((error as? PostgresError)?.description == "not this one")
            await store.close()
        }
    }

    @Test(.alone) func lockedNumberFailsNoOthers() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let other = try Connection(address)
            try other.execute("BEGIN")
            // In its own currency, so that no other waits for its count.
            _ = try other.query(
                """
                INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
                VALUES ($1, $1, 1, 1, 'XXX')
                """, [.text(Self.odd.value.digits)])
            let start = ContinuousClock.now
            let outcomes = try await createAll(in: store)
            // It waits for the lock twice, with others and alone, and each time for a connection.
            #expect(ContinuousClock.now - start < .seconds(12))
            try other.execute("ROLLBACK")
            let error = try await expectAllButTheOddOne(of: outcomes, in: store)
            guard case InventoryError.unavailable = error else { throw error }
            await store.close()
        }
    }
}
