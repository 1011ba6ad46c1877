import CSQLite
import Foundation
import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Testing

/// What only the SQLite store does.
@Suite struct SQLiteStoreTests {
    @Test func createsItsFolderAndKeepsNumbers() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "a/b/inventory.sqlite").path
            let first = try SQLiteStore(path: path)
            let number = try await first.createNumber(try NumberContent("+55 84 91234-4321"))
            try first.close()
            let second = try SQLiteStore(path: path)
            #expect(try await second.number(number.id) == number)
            try second.close()
        }
    }

    @Test func commitsDurably() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            #expect(try store.pragma("synchronous") == "2")
            #expect(try store.pragma("journal_mode") == "wal")
            #expect(try store.pragma("foreign_keys") == "1")
            #expect(try store.pragma("busy_timeout") == "5000")
            try store.close()
        }
    }

    /// The journal of a statement is as large as its changes.
    @Test func onlySharedWritesKeepTheJournalInMemory() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder.appending(path: "inventory.sqlite").path)
            let place = { @Sendable (db: SQLiteConnection) in
                try db.count("PRAGMA temp_store", isCached: false)
            }
            #expect(try await store.transaction(.write) { try place($0) } == 2)
            #expect(try store.pragma("temp_store") == "0")
            #expect(try await store.transaction(.longWrite) { try place($0) } == 0)
            await #expect(throws: InventoryError.self) {
                try await store.deleteNumber(1, if: .always)
            }
            #expect(try store.pragma("temp_store") == "0")
            try store.close()
        }
    }

    @Test func readSeesOneSnapshot() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder.appending(path: "inventory.sqlite").path)
            let (before, after) = try await store.transaction(.snapshot) { db in
                let before = try NumberQuery().count(in: db)
                _ = try store.loadNumbers(besideAtMost: 0) { count in
                    count == 0 ? Array(DemoNumbers(seed: 1).prefix(10)) : []
                }
                return (before, try NumberQuery().count(in: db))
            }
            #expect(before == 0 && after == 0)
            #expect(try await store.listNumbers(NumberQuery()).total == 10)
            try store.close()
        }
    }

    @Test func rejectsFileThatIsNoDatabase() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "inventory.sqlite")
            try Data(repeating: UInt8(ascii: "x"), count: 5_000).write(to: file)
            let error = try #require(throws: OpeningError.self) {
                try SQLiteStore(path: file.path)
            }
            guard case .notADatabase(file.path) = error else { throw error }
            #expect(error.description.contains("is not an inventory"))
        }
    }

    @Test func lockOfAnotherProgramMakesWritesUnavailable() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            let other = try SharedConnection(path: path)
            try other.use { try $0.runScript("BEGIN IMMEDIATE") }
            let error = try await #require(throws: InventoryError.self) {
                try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            }
            guard case .unavailable = error else { throw error }
            try other.use { try $0.runScript("COMMIT") }
            _ = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            try store.close()
        }
    }

    @Test func writesWaitForAnotherProgramTogether() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            let other = try SharedConnection(path: path)
            try other.use { try $0.runScript("BEGIN IMMEDIATE") }
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let error = try await #require(throws: InventoryError.self) {
                            try await store.createNumber(
                                try NumberContent("+55 84 91234-432\(number)"))
                        }
                        guard case .unavailable = error else { throw error }
                    }
                }
                try await group.waitForAll()
            }
            // One after the other, they would wait forty seconds.
            #expect(ContinuousClock.now - start < .seconds(20))
            try other.use { try $0.runScript("COMMIT") }
            #expect(try await store.listNumbers(NumberQuery()).total == 0)
            try store.close()
        }
    }

    @Test(arguments: [
        ("'5584912344321', '+55 84 91234-4321', -1, 0, 'U$'", "a negative price"),
        ("'5584912344321', '+55 84 91234-4321', 0, 10000000000000, 'U$'", "a price too large"),
        ("'558491234x321', '+55 84 91234-4321', 0, 0, 'U$'", "letters among the digits"),
        ("'5584912344321', '+55 84 91234-4321', 0.5, 0, 'U$'", "a fraction"),
        ("'5584912344321', '+55 84 91234-4321', 0, 0, ''", "no currency"),
        ("'5584912344321', NULL, 0, 0, 'U$'", "no value"),
    ])
    func schemaRejectsInvalidRows(row: String, what: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            try SQLiteStore(path: path).close()
            let database = try SharedConnection(path: path)
            let error = try #require(throws: SQLiteError.self, "\(what)") {
                try database.write { db in
                    try db.runScript(
                        """
                        INSERT INTO number (digits, value, monthyPrice, setupPrice, currency)
                        VALUES (\(row))
                        """)
                }
            }
            #expect(error.primaryCode == SQLITE_CONSTRAINT)
        }
    }

    @Test(arguments: SortKey.Column.allCases, [false, true])
    func everySortHasAnIndex(column: SortKey.Column, isDescending: Bool) async throws {
        let store = try SQLiteStore()
        _ = try await store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(100)), onlyIfEmpty: true)
        for currency in [nil, try Currency("U$")] {
            // Page 1 is read from the start, page 4 from the end.
            for page in [1, 4] {
                let plan = try store.plan(
                    of: NumberQuery(
                        page: page, sort: [SortKey(column, descending: isDescending)],
                        filter: NumberFilter(currency: currency)))
                #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
            }
        }
    }

    @Test func migratedFileMergesItsSearchIndexInSteps() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let older = try SharedConnection(path: path)
            try Migrator(path: path, migrations: Array(Schema.migrations.prefix(2))).migrate(older)
            try older.write { db in
                try db.runScript(
                    """
                    INSERT INTO number (digits, value, monthyPrice, setupPrice, currency)
                    VALUES ('5584912344321', '+55 84 91234-4321', 0, 0, 'U$')
                    """)
            }
            older.close()
            let store = try SQLiteStore(path: path)
            // By default, FTS5 would have merged sixteen segments twice.
            for content in DemoNumbers(seed: 1).prefix(40) {
                _ = try await store.createNumber(content)
            }
            let pieces = try store.database.read { db in
                try db.count("SELECT count(DISTINCT segid) FROM number_search_idx")
            }
            #expect(pieces == 41)
            let found = NumberQuery(filter: NumberFilter(search: .digits("4321")))
            #expect(try await store.listNumbers(found).elements.first?.id == 1)
            try store.close()
        }
    }

    @Test func loadKeepsTheSchema() async throws {
        let store = try SQLiteStore()
        try store.database.write { db in
            try db.runScript("CREATE INDEX \"an operator's own\" ON number (version)")
        }
        let before = try store.schema()
        #expect(before.contains { $0.contains("TRIGGER number_count_insert") })
        _ = try store.load(Array(DemoNumbers(seed: 1).prefix(500)))
        #expect(try store.schema() == before)
        #expect(try store.pragma("cache_size") == SQLiteStore().pragma("cache_size"))
        try store.checkIndexes()
    }

    @Test func searchOfThreeDigitsUsesTheIndex() async throws {
        let store = try SQLiteStore()
        #expect(
            try store.plan(of: NumberQuery(filter: NumberFilter(search: .digits("849")))).contains(
                "VIRTUAL TABLE"))
    }

    @Test func prefixUsesTheUniqueIndex() async throws {
        let store = try SQLiteStore()
        _ = try await store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(500)), onlyIfEmpty: true)
        for currency in [nil, try Currency("U$")] {
            let filter = NumberFilter(prefix: try DigitPrefix("558499"), currency: currency)
            let plan = try store.plan(of: NumberQuery(filter: filter))
            // The index of the UNIQUE constraint.
            #expect(
                plan.contains("sqlite_autoindex_number_1 (digits>? AND digits<?)"), "\(plan)")
        }
    }

    @Test func searchWithARarePrefixUsesThePrefixIndex() async throws {
        let store = try SQLiteStore()
        let numbers = try (0..<20_001).map { index in
            try NumberContent(
                value: PhoneNumber("+5584\(910_000_000 + index)"), monthyPrice: .zero,
                setupPrice: .zero, currency: Currency("U$"))
        }
        _ = try store.load(numbers)
        func plan(_ prefix: String, _ digits: String) throws -> String {
            let filter = NumberFilter(
                search: .digits(digits), prefix: try DigitPrefix(prefix),
                currency: try Currency("U$"), prices: [.monthyPrice: .zero ... .zero])
            return try store.plan(of: NumberQuery(filter: filter))
        }
        let prefixIndex = "sqlite_autoindex_number_1 (digits>? AND digits<?)"
        for digits in ["9", "849", "8491"] {
            let few = try plan("5584910000", digits)
            #expect(few.contains(prefixIndex) && !few.contains("VIRTUAL TABLE"), "\(few)")
        }
        // Too many numbers have the prefix.
        let many = try plan("5584", "020000")
        #expect(many.contains("VIRTUAL TABLE") && !many.contains(prefixIndex), "\(many)")
    }

    @Test func pricesUseTheirIndexOrThatOfTheOrder() async throws {
        let store = try SQLiteStore()
        _ = try await store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(500)), onlyIfEmpty: true)
        func plan(_ prices: ClosedRange<Price>, _ sort: [SortKey] = []) throws -> String {
            let filter = NumberFilter(prices: [.monthyPrice: prices])
            return try store.plan(of: NumberQuery(sort: sort, filter: filter))
        }
        // Few numbers are found by their price, and sorted.
        let few = try plan(.greatest ... .greatest)
        #expect(few.contains("INDEX number_by_monthy_price"), "\(few)")
        // If nearly all numbers match, a scan in their order finds the first soon.
        let many = try plan(.zero ... .greatest)
        #expect(many == "SCAN number")
        for sort in [SortKey(.value), SortKey(.setupPrice, descending: true)] {
            let plan = try plan(.zero ... .greatest, [sort])
            #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
        }
        // In the order of the price, its index filters and sorts.
        for isDescending in [false, true] {
            for range in [.zero ... .greatest, .zero ... .zero] as [ClosedRange<Price>] {
                let plan = try plan(range, [SortKey(.monthyPrice, descending: isDescending)])
                #expect(plan.contains("(monthyPrice>? AND monthyPrice<?)"), "\(plan)")
            }
        }
    }

    @Test func sessionCacheSeesChangesOfOtherPrograms() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let (server, command) = (try SQLiteStore(path: path), try SQLiteStore(path: path))
            let (ana, now) = (Username(stored: "ana"), Date.now)
            let digest = TokenDigest(repeating: 1)
            _ = try await command.createUser(UserDraft("ana"))
            _ = try await command.createUser(UserDraft("bob"))
            _ = try await server.createSession(
                SessionDraft(
                    username: ana, passwordHash: PasswordHash(stored: "a hash"), digest: digest,
                    expiresAt: now.addingTimeInterval(60)), now: now)
            // The second look-up uses the cache, and the session still expires.
            for _ in 0..<2 {
                #expect(try await server.session(digest, now: now)?.user.role == .supervisor)
            }
            #expect(try await server.session(digest, now: now.addingTimeInterval(60)) == nil)
            try await command.setRole(.salesperson, of: ana)
            for _ in 0..<2 {
                #expect(try await server.session(digest, now: now)?.user.role == .salesperson)
            }
            try await command.removeUser(ana)
            #expect(try await server.session(digest, now: now) == nil)
            try command.close()
            try server.close()
        }
    }
}

extension SQLiteStore {
    /// The value of a PRAGMA on the writing connection.
    fileprivate func pragma(_ name: String) throws -> String? {
        try database.use { db in
            try db.row("PRAGMA \(name)", isCached: false) { try $0.text() }
        }
    }

    /// SQLite's plan of a query.
    fileprivate func plan(of query: NumberQuery) throws -> String {
        try database.read { db in
            let total = max(try query.count(in: db), query.paging.offset + 1)
            let selection = try query.selection(
                of: try #require(query.paging.range(of: total)), in: db)
            let steps = try db.rows("EXPLAIN QUERY PLAN " + selection.sql, selection.values) {
                row in
                row.skip(3)
                return try row.text()
            }
            return steps.joined(separator: "\n")
        }
    }
}
