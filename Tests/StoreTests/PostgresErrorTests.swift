import Foundation
import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// Requests while PostgreSQL fails; with `scripts/with-postgres`.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresErrorTests {
    /// How many of the store's connections wait for a lock.
    private static func waitingCount(at address: PostgresAddress) throws -> Int {
        try Connection(address).count(
            """
            SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
            AND application_name = current_setting('application_name')
            """)
    }

    @Test(.alone) func lockedRowDelaysNoReaders() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let number = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let other = try Connection(address)
            try other.execute("BEGIN; SELECT 1 FROM number FOR UPDATE")
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        let error = try await #require(throws: InventoryError.self) {
                            try await store.updateNumber(number.id, if: .always) { _ in }
                        }
                        guard case .unavailable = error else { throw error }
                    }
                }
                // Most of the connections that may write wait for the row.
                try await until { try Self.waitingCount(at: address) >= 5 }
                var times: [Duration] = []
                for _ in 0..<50 {
                    let began = ContinuousClock.now
                    _ = try await store.listNumbers(NumberQuery())
                    times.append(.now - began)
                }
                // A blocked read would take seconds. A busy machine may delay a few reads.
                #expect(times.sorted()[45] < .seconds(1))
                try await group.waitForAll()
            }
            // One wait for a connection and one for the lock.
            #expect(ContinuousClock.now - start < .seconds(8.5))
            try other.execute("COMMIT")
            _ = try await store.updateNumber(number.id, if: .always) { _ in }
            #expect(try await store.givesAllConnectionsBack())
            await store.close()
        }
    }

    @Test func bulkChangeWaitsForALockedRow() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let number = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let other = try Connection(address)
            // As a change of one number begins.
            try other.execute("BEGIN; SELECT 1 FROM number FOR UPDATE")
            async let deleted = store.changeNumbers(
                BulkChange(.all, .delete), by: .tester)
            try await until { try Self.waitingCount(at: address) >= 1 }
            // A wrong lock order would deadlock.
            try other.execute("UPDATE number SET version = version + 1; COMMIT")
            #expect(try await deleted?.count == 1)
            let history = try await store.history(ofNumber: number.id, Paging())
            #expect(history.elements.first?.number.version == number.version + 1)
            await store.close()
        }
    }

    @Test func worksWithFewConnections() async throws {
        try await Backend.withPostgresSchema { address in
            try await withRole("CONNECTION LIMIT 3", at: address) { address in
                let store = try await PostgresStore(address)
                let number = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
                for _ in 0..<3 {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<40 {
                            group.addTask { _ = try await store.number(number.id) }
                        }
                        try await group.waitForAll()
                    }
                }
                await store.close()
            }
        }
    }

    /// A read-only setting, and a missing privilege.
    @Test(arguments: ["%20-cdefault_transaction_read_only%3Don", nil])
    func readsWithoutPermissionToWrite(setting: String?) async throws {
        try await Backend.withPostgresSchema { address in
            let owner = try await PostgresStore(address)
            let number = try await owner.createNumber(try NumberContent("+55 84 91234-4321"))
            try await owner.checkReadiness()
            await owner.close()
            if let setting {
                let address = try PostgresAddress(url: address.url + setting)
                return try await expectOnlyReads(of: number, at: address)
            }
            try await withRole("", granting: "SELECT", at: address) {
                try await expectOnlyReads(of: number, at: $0)
            }
        }
    }

    private func expectOnlyReads(of number: DIDNumber, at address: PostgresAddress) async throws {
        let store = try await PostgresStore(address)
        #expect(try await store.number(number.id) == number)
        for request in [
            { _ = try await store.createNumber(try NumberContent("+55 84 91234-4322")) },
            { _ = try await store.updateNumber(number.id, if: .always) { _ in } },
            { _ = try await store.createFirstUser(UserDraft("ana")) },
        ] as [() async throws -> Void] {
            let error = try await #require(throws: InventoryError.self) { try await request() }
            guard case .unavailable = error else { throw error }
        }
        try await store.checkReads()
        let error = try await #require(throws: InventoryError.self) {
            try await store.checkReadiness()
        }
        guard case .notWritable = error else { throw error }
        await store.close()
    }

    @Test(arguments: ["number", "number_count", "\"user\"", "session"])
    func isNotReadyWithoutATable(table: String) async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            try await store.checkReadiness()
            try await PostgresStore.execute(
                "SET client_min_messages = error; DROP TABLE \(table) CASCADE", at: address)
            let error = try await #require(throws: InventoryError.self) {
                try await store.checkReadiness()
            }
            guard case .unavailable = error else { throw error }
            // A missing table is not a transient error.
            if table == "number" {
                await #expect(throws: PostgresError.self) { try await store.number(1) }
            }
            await store.close()
        }
    }

    @Test(arguments: [
        // The response to COMMIT is lost.
        ("PERFORM pg_terminate_backend(pg_backend_pid())", false),
        // COMMIT fails for certain.
        ("RAISE EXCEPTION USING ERRCODE = '40001'", true),
        ("RAISE EXCEPTION USING ERRCODE = '53100'", true),
    ])
    func failedCommitAndLostResponseDiffer(failure: String, isNothingDone: Bool) async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            try await PostgresStore.execute(
                """
                CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN \(failure); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON number DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION fail()
                """, at: address)
            let error = try await #require(throws: InventoryError.self) {
                try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            }
            switch error {
            case .unavailable: #expect(isNothingDone)
            case .outcomeUnknown: #expect(!isNothingDone)
            default: throw error
            }
            #expect(try await store.listNumbers(NumberQuery()).total == 0)
            await store.close()
        }
    }

    @Test(arguments: [
        // As on another server session: the name is missing or has another statement.
        "DEALLOCATE ALL", "DEALLOCATE ALL; PREPARE \"NAME\" AS SELECT 1",
    ])
    func continuesWithoutPreparedStatements(statements: String) async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let number = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            #expect(try await store.number(number.id) == number)
            let name = Preparation.name(of: DIDNumber.selectionByID + " FOR UPDATE")
            try await store.pool.withConnection(.reading) { connection in
                try connection.execute(statements.replacing("NAME", with: name))
            }
            let changed = try await store.updateNumber(number.id, if: .always) {
                $0.setupPrice = try Price("7")
            }
            #expect(changed.version == 2)
            #expect(try await store.number(number.id) == changed)
            let kept = try await store.pool.withConnection(.reading) { connection in
                try connection.count("SELECT count(*) FROM pg_prepared_statements")
            }
            #expect(kept <= 2)
            await store.close()
        }
    }

    @Test(arguments: [
        "postgres://ana:50%@db.example/inventory", "postgres://ana:50%zz@db.example/inventory",
        "postgres://ana:se@cret@db.example/inventory",
        "postgres://ana:se/cret@db.example/inventory",
        "postgres://ana:12/cret@db.example/inventory",
        "postgres://ana:secret@db.example:port/inventory",
    ])
    func rejectsMalformedAddresses(url: String) {
        #expect(throws: PostgresAddress.Malformed.self) { _ = try PostgresAddress(url: url) }
    }

    @Test(arguments: [
        ("postgres://ana:50%25@db.example/inventory", "postgres://ana:…@db.example/inventory"),
        ("postgres://ana:12#cret@db.example/inventory", "postgres://ana:…@db.example/inventory"),
        ("postgres://ana:12?cret@db.example/inventory", "postgres://ana:…@db.example/inventory"),
        ("postgres://db1:1,db2:2/inventory", "postgres://db1:1,db2:2/inventory"),
        ("postgres://ana@db1,db2/inventory", "postgres://ana@db1,db2/inventory"),
        ("postgres://db.example:5433/inventory", "postgres://db.example:5433/inventory"),
        (
            "postgresql:///x?password=cret&host=/run&sslpassword=cret",
            "postgres://:…@/x?host=/run&sslpassword=…"
        ),
    ])
    func descriptionOfAnAddressHasNoPassword(url: String, description: String) throws {
        #expect(try PostgresAddress(url: url).description == description)
    }
}

/// Calls `body` with the address of the same schema as another role, which may create tables in it.
///
/// - Parameter privileges: The role's privileges on the tables of the schema.
private func withRole(
    _ options: String, granting privileges: String = "ALL", at address: PostgresAddress,
    _ body: (PostgresAddress) async throws -> Void
) async throws {
    let role = "role_" + UUID().uuidString.lowercased().replacing("-", with: "_")
    let schema = try #require(address.description.firstMatch(of: /test_[0-9a-f_]+/)).0
    try await PostgresStore.execute(
        """
        CREATE ROLE \(role) LOGIN \(options); GRANT ALL ON SCHEMA \(schema) TO \(role);
        GRANT \(privileges) ON ALL TABLES IN SCHEMA \(schema) TO \(role)
        """, at: address)
    try await body(
        try PostgresAddress(url: address.url.replacing("postgres@", with: "\(role)@")))
    try await PostgresStore.execute("DROP OWNED BY \(role); DROP ROLE \(role)", at: address)
}
