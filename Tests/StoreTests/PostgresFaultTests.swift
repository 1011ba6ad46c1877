import Foundation
import Inventory
@testable import PostgresStore
import StoreTesting
import Testing

/// PostgreSQL that is slow, full, read only or gone in the wrong moment.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresFaultTests {
    private let number = "+55 84 91234-4321"

    /// What every write throws that did not happen.
    private func expectUnavailable(_ body: () async throws -> Void) async {
        let error = await #expect(throws: InventoryError.self) { try await body() }
        guard case .unavailable = error else {
            Issue.record("not unavailable: \(String(describing: error))")
            return
        }
    }

    @Test func readersDoNotWaitWithWritersForALockedRow() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            _ = try await store.createNumber(try NumberDraft(number))
            let outside = try Connection(address)
            try outside.execute("BEGIN; SELECT * FROM number FOR UPDATE")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        await expectUnavailable {
                            _ = try await store.updateNumber(1, if: .always) {
                                $0.setupPrice = try Price("7")
                            }
                        }
                    }
                }
                try await Task.sleep(for: .milliseconds(300))
                for _ in 0..<20 {
                    let began = ContinuousClock.now
                    _ = try await store.number(1)
                    #expect(ContinuousClock.now - began < .seconds(1))
                }
                try await group.waitForAll()
            }
            try outside.execute("ROLLBACK")
            #expect(try await store.number(1).setupPrice == Price("3.40"))
            await store.close()
        }
    }

    @Test func aReadOnlyDatabaseIsReadAndNotWritten() async throws {
        try await Backend.withPostgresSchema { address in
            let writable = try await PostgresStore(address)
            _ = try await writable.createNumber(try NumberDraft(number))
            _ = try await writable.createUser(UserDraft("ana"))
            // As a standby is, and as an operator may make a role.
            let options = "%20-cdefault_transaction_read_only%3Don"
            let url = address.description.replacing(
                /search_path=(test_[0-9a-f_]+)/, with: { "search_path%3D\($0.1)" })
            let store = try await PostgresStore(PostgresAddress(url: url + options))
            #expect(try await store.number(1).id == 1)
            #expect(try await store.listNumbers(NumberQuery()).total == 1)
            await expectUnavailable {
                _ = try await store.createNumber(try NumberDraft("+55 84 91234-4322"))
            }
            await expectUnavailable { _ = try await store.deleteNumber(1, if: .always) }
            await expectUnavailable {
                let draft = SessionDraft(
                    username: Username(stored: "ana"), passwordHash: PasswordHash(stored: "a hash"),
                    digest: TokenDigest(repeating: 1), expiresAt: .now)
                _ = try await store.createSession(draft, now: .now)
            }
            await expectUnavailable { try await store.checkReadiness() }
            try await writable.checkReadiness()
            await store.close()
            await writable.close()
        }
    }

    @Test func aTableThatIsGoneIsAFaultToRequestsAndNotReady() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            try await store.checkReadiness()
            try await PostgresStore.execute("DROP TABLE number CASCADE", at: address)
            await #expect(throws: PostgresError.self) { try await store.number(1) }
            await expectUnavailable { try await store.checkReadiness() }
            await store.close()
        }
    }

    @Test func whereThereIsNoRoomForMoreConnectionsThoseThatAreThereSuffice() async throws {
        try await Backend.withPostgresSchema { address in
            let role = "few_" + UUID().uuidString.lowercased().replacing("-", with: "_")
            let schema = try #require(address.description.firstMatch(of: /test_[0-9a-f_]+/)).0
            try await PostgresStore.execute(
                """
                CREATE ROLE \(role) LOGIN CONNECTION LIMIT 3; GRANT ALL ON SCHEMA \(schema) TO \(role)
                """, at: address)
            let url = address.description.replacing("postgres@", with: "\(role)@")
                .replacing("search_path=", with: "search_path%3D")
            let store = try await PostgresStore(PostgresAddress(url: url))
            _ = try await store.createNumber(try NumberDraft(number))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = try await store.number(1) } }
                try await group.waitForAll()
            }
            await store.close()
            try await PostgresStore.execute("DROP OWNED BY \(role); DROP ROLE \(role)", at: address)
        }
    }

    @Test func aCommitThatGotNoAnswerIsNotSaidToHaveFailed() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            _ = try await store.createNumber(try NumberDraft(number))
            // The connection ends while the server commits.
            try await PostgresStore.execute(
                """
                CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER vanish AFTER UPDATE ON number
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION vanish()
                """, at: address)
            let error = await #expect(throws: InventoryError.self) {
                try await store.updateNumber(1, if: .always) { $0.setupPrice = try Price("7") }
            }
            guard case .outcomeUnknown = error else {
                Issue.record("not unknown: \(String(describing: error))")
                return
            }
            await store.close()
        }
    }

    @Test func aStatementThatIsNoLongerPreparedIsSentWhole() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            _ = try await store.createNumber(try NumberDraft(number))
            _ = try await store.number(1)
            for _ in 0..<3 {
                // As behind a proxy that lends the server's connections for a transaction.
                try await store.pool.withConnection { try $0.execute("DEALLOCATE ALL") }
                #expect(try await store.number(1).id == 1)
                _ = try await store.updateNumber(1, if: .always) { $0.setupPrice = try Price("7") }
            }
            await store.close()
        }
    }

    @Test func anAddressWithABarePercentSignIsNoAddress() {
        #expect(!PostgresAddress(url: "postgres://ana:100%secret@127.0.0.1/inventory").isReadable)
        #expect(PostgresAddress(url: "postgres://ana:100%25secret@127.0.0.1/inventory").isReadable)
    }
}
