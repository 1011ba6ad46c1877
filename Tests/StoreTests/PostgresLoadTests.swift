import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing
import Threads

/// How PostgreSQL takes very many numbers at once, in a table that takes the place of another; with
/// `scripts/with-postgres`.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresLoadTests {
    private static let contents = Array(DemoNumbers(seed: 1).prefix(500))

    @Test func theTableIsWhatItWas() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            try await PostgresStore.execute(
                "CREATE INDEX an_operators_own ON number (\"setupPrice\") WHERE version > 1",
                at: address)
            let (before, oldTable) = try (Self.catalog(address), Self.table(address))
            #expect(before.contains { $0.contains("number_by_digits_trigram") })
            #expect(before.contains { $0.contains("number_count_update") })
            #expect(try store.load(Self.contents) == 500)
            #expect(try Self.catalog(address) == before)
            #expect(try Self.table(address) != oldTable)
            await store.close()
        }
    }

    @Test(arguments: [
        "CREATE VIEW priced AS SELECT * FROM number WHERE \"monthyPrice\" > 0",
        "CREATE TABLE priced (number BIGINT REFERENCES number)",
        "CREATE TABLE priced (number number)",
        "GRANT SELECT ON number TO PUBLIC",
        "GRANT SELECT (digits) ON number TO PUBLIC",
        "GRANT SELECT ON number_id_seq TO PUBLIC",
        "CREATE RULE priced AS ON DELETE TO number DO ALSO SELECT 1",
        "CREATE POLICY priced ON number",
        "ALTER TABLE number SET (fillfactor = 90)",
        "CREATE FUNCTION priced(number) RETURNS BIGINT LANGUAGE sql AS 'SELECT 1::bigint'",
    ])
    func theTableStaysWhereOthersUseIt(statement: String) async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            try await PostgresStore.execute(statement, at: address)
            let table = try Self.table(address)
            #expect(try store.load(Self.contents) == 500)
            #expect(try Self.table(address) == table)
            #expect(
                try await store.listNumbers(
                    NumberQuery(filter: NumberFilter(search: .digits("551")))
                ).total > 0)
            #expect(try await store.listNumbers(NumberQuery()).total == 500)
            await store.close()
        }
    }

    @Test func aReaderThatTakesLongKeepsTheOthersNotFromReading() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let backup = try Connection(address)
            try backup.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM number")
            async let count = BlockingThreadPool(count: 1, mostWaiting: 0).run {
                try store.load(Self.contents)
            }
            var times: [Duration] = []
            for _ in 0..<30 {
                let start = ContinuousClock.now
                #expect(try await store.listNumbers(NumberQuery()).total == 0)
                times.append(.now - start)
                try await Task.sleep(for: .milliseconds(50))
            }
            // One or two may have met with something else that the machine does.
            #expect(times.sorted()[27] < .seconds(1))
            let seen = try backup.query("SELECT count(*) FROM number").first { $0.text(0) }
            #expect(seen == "0")
            try backup.execute("COMMIT")
            #expect(try await count == 500)
            #expect(try await store.listNumbers(NumberQuery()).total == 500)
            await store.close()
        }
    }

    @Test func whoReadsWithoutEndIsNotWaitedForWithoutEnd() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let (reader, connection) = (try Connection(address), try Connection(address))
            try reader.execute("BEGIN; SELECT FROM number")
            try connection.execute("BEGIN")
            let table = try #require(try ReplacementTable(connection))
            try table.index()
            let start = ContinuousClock.now
            let error = #expect(throws: InventoryError.self) {
                try table.replace(waitingFor: .seconds(1))
            }
            guard case .inUse = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect((.seconds(1)...(.seconds(3))).contains(ContinuousClock.now - start))
            try connection.execute("ROLLBACK")
            try reader.execute("COMMIT")
            #expect(try store.load(Self.contents) == 500)
            await store.close()
        }
    }

    @Test(arguments: [true, false])
    func theTableStaysWithTheNumbersThatWereCreatedMeanwhile(isKept: Bool) async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let connection = try Connection(address)
            try connection.execute("BEGIN")
            let table = try #require(try ReplacementTable(connection))
            let number = try await store.createNumber(Self.contents[0])
            if !isKept { try await store.deleteNumber(number.id, if: .always) }
            try table.index()
            if isKept {
                let error = #expect(throws: PostgresError.self) { try table.replace() }
                #expect(error?.isConflict == true)
                try connection.execute("ROLLBACK")
            } else {
                try table.replace()
                try connection.execute("COMMIT")
            }
            // No id is given again.
            #expect(try await store.createNumber(Self.contents[1]).id == 2)
            await store.close()
        }
    }

    @Test func readersFindAllOrNothingWhileTheTableIsReplaced() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let readers = SharedCount()
            let pages = try await withThrowingTaskGroup(of: [Page<DIDNumber>].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var pages = [try await store.listNumbers(NumberQuery())]
                        readers.next()
                        repeat {
                            let query = NumberQuery(
                                perPage: 1000, filter: NumberFilter(search: .digits("5")))
                            pages.append(try await store.listNumbers(query))
                        } while pages.last?.total == 0
                        return pages
                    }
                }
                try await until { readers.value == 4 }
                _ = try await BlockingThreadPool(count: 1, mostWaiting: 0).run {
                    try store.load(Self.contents)
                }
                return try await group.reduce([], +)
            }
            #expect(pages.contains { $0.total == 0 })
            let found = try await store.listNumbers(
                NumberQuery(filter: NumberFilter(search: .digits("5")))
            ).total
            for page in pages { #expect(page.elements.count == page.total) }
            #expect(Set(pages.map(\.total)) == [0, found])
            await store.close()
        }
    }

    @Test func aLoadWhoseConnectionIsCutLeavesNothing() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let before = try Self.catalog(address)
            #expect(throws: PostgresError.self) {
                try store.loadNumbers(besideAtMost: 0) { count in
                    guard count > 0 else { return Self.contents }
                    try Connection(address).execute(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name = current_setting('application_name')
                        AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
                        """)
                    return count < 5_000 ? Array(DemoNumbers(seed: 2).prefix(5_000)) : []
                }
            }
            #expect(try Self.catalog(address) == before)
            #expect(try await store.listNumbers(NumberQuery()).total == 0)
            #expect(try store.load(Self.contents) == 500)
            await store.close()
        }
    }

    /// What tells a table apart from all others.
    private static func table(_ address: PostgresAddress) throws -> String? {
        try Connection(address).query("SELECT 'number'::regclass::oid").first { $0.text(0) }
    }

    /// The tables, sequences, columns, constraints, indexes and triggers, as PostgreSQL tells them.
    private static func catalog(_ address: PostgresAddress) throws -> [String] {
        try Connection(address).query(
            """
            SELECT format('relation %s %s', relkind, relname) FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'pg_toast%'
            UNION ALL SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index
            WHERE indrelid = 'number'::regclass
            UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = 'number'::regclass
            UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger
            WHERE tgrelid = 'number'::regclass
            UNION ALL SELECT format(
                'column %s %s %s %s %s %s', attnum, attname, atttypid::regtype, attnotnull,
                attidentity, attcollation
            ) FROM pg_attribute WHERE attrelid = 'number'::regclass AND attnum > 0
            UNION ALL SELECT 'default ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef
            WHERE adrelid = 'number'::regclass
            UNION ALL SELECT 'ids from ' || pg_get_serial_sequence('number', 'id')
            ORDER BY 1
            """
        ).map { $0.text(0) }
    }
}
