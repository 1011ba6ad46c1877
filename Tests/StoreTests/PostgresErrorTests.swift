import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// Requests while PostgreSQL fails; with `scripts/with-postgres`.
@Suite(.stores, .enabled(if: Backend.hasPostgres)) struct PostgresErrorTests {
    /// A store with number 1.
    private static func store() async throws -> PostgresStore {
        let store = try await Backend.postgresStore()
        try await store.create("4321")
        return store
    }

    @Test func lockedRowDelaysNoReaders() async throws {
        let store = try await Self.store()
        let other = try Connection(store.address)
        try other.execute("BEGIN; SELECT 1 FROM number FOR UPDATE")
        let start = ContinuousClock.now
        async let errors = race(12) { _ in
            await failure { try await store.updateNumber(1, if: .always) { _ in } }
        }
        // Most of the connections that may write wait for the row.
        try await until { try store.lockWaitCount() >= 5 }
        for _ in 0..<20 { #expect(try await store.count() == 1) }
        // The writers still wait, so they did not delay the reads.
        #expect(try store.lockWaitCount() > 0)
        #expect(try await errors.allSatisfy { $0.hasPrefix("unavailable") })
        // A writer waits once for a connection and once for the lock.
        #expect(ContinuousClock.now - start < .seconds(10))
        try other.execute("COMMIT")
        try await store.updateNumber(1, if: .always) { _ in }
    }

    @Test func bulkChangeWaitsForALockedRow() async throws {
        let store = try await Self.store()
        let other = try Connection(store.address)
        // Lock the row first, as a change of one number does.
        try other.execute("BEGIN; SELECT 1 FROM number FOR UPDATE")
        async let deleted = store.changeNumbers(BulkChange(.all, .delete), by: .tester)
        try await until { try store.lockWaitCount() > 0 }
        // With another order of locks, this would deadlock.
        try other.execute("UPDATE number SET version = version + 1; COMMIT")
        #expect(try await deleted?.count == 1)
        let history = try await store.history(ofNumber: 1, Paging())
        #expect(history.elements.first?.number.version == 2)
    }

    @Test func worksWithFewConnections() async throws {
        let address = try await Backend.postgresRole(
            "CONNECTION LIMIT 3", at: Self.store().address)
        let store = try await Backend.postgresStore(at: address)
        for _ in 0..<3 { _ = try await race(40) { _ in try await store.number(1) } }
    }

    /// The role's setting is read-only, or the role lacks a privilege.
    @Test(arguments: [true, false])
    func readsWithoutPermissionToWrite(isSetting: Bool) async throws {
        let owner = try await Self.store()
        let address =
            isSetting
            ? try PostgresAddress(
                url: owner.address.url + "%20-cdefault_transaction_read_only%3Don")
            : try await Backend.postgresRole(granting: "SELECT", at: owner.address)
        try await owner.checkReadiness()
        let store = try await Backend.postgresStore(at: address)
        #expect(try await store.number(1) == owner.number(1))
        for request in [
            { try await store.create("4322") },
            { try await store.updateNumber(1, if: .always) { _ in } },
            { _ = try await store.createFirstUser(UserDraft("ana")) },
        ] as [() async throws -> Void] {
            #expect(await failure(request).hasPrefix("unavailable"))
        }
        try await store.checkReads()
        #expect(await failure { try await store.checkReadiness() }.hasPrefix("notWritable"))
    }

    @Test(arguments: [
        // The response to COMMIT is lost.
        ("PERFORM pg_terminate_backend(pg_backend_pid())", "outcomeUnknown"),
        // COMMIT fails, so nothing was written.
        ("RAISE EXCEPTION USING ERRCODE = '40001'", "unavailable"),
        ("RAISE EXCEPTION USING ERRCODE = '53100'", "unavailable"),
    ])
    func failedCommitAndLostResponseDiffer(statement: String, error: String) async throws {
        let store = try await Backend.postgresStore()
        try await PostgresStore.execute(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN \(statement); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON number DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION fail()
            """, at: store.address)
        #expect(await failure { try await store.create("4321") }.hasPrefix(error))
        #expect(try await store.count() == 0)
    }

    @Test(arguments: [
        // As if a proxy had changed the session: the prepared statement is missing, or another
        // one has its name.
        "DEALLOCATE ALL", "DEALLOCATE ALL; PREPARE \"NAME\" AS SELECT 1",
    ])
    func continuesWithoutPreparedStatements(statements: String) async throws {
        let store = try await Self.store()
        _ = try await store.number(1)
        let name = Preparation.name(of: DIDNumber.selectionByID + " FOR UPDATE")
        try await store.pool.withConnection(.reading) { connection in
            try connection.execute(statements.replacing("NAME", with: name))
        }
        let changed = try await store.updateNumber(1, if: .always) {
            $0.setupPrice = try Price("7")
        }
        #expect(changed.version == 2)
        #expect(try await store.number(1) == changed)
        let kept = try await store.pool.withConnection(.reading) { connection in
            try connection.count("SELECT count(*) FROM pg_prepared_statements")
        }
        #expect(kept <= 2)
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

extension PostgresStore {
    /// How many connections to this database wait for a lock, including other stores'.
    func lockWaitCount() throws -> Int {
        try Connection(address).query(
            """
            SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
            AND application_name = current_setting('application_name')
            """
        ).count
    }
}
