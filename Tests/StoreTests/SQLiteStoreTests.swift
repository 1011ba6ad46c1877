import CSQLite
import Dispatch
import Foundation
import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Testing

@Suite(.stores) struct SQLiteStoreTests {
    @Test func createsItsFolderAndKeepsNumbers() async throws {
        let path = try await temporaryFolder().appending(path: "a/b/inventory.sqlite").path
        let first = try SQLiteStore(path: path)
        let number = try await first.create("4321").number
        try first.close()
        #expect(try await Backend.sqliteStore(at: path).number(number.id) == number)
    }

    @Test(arguments: [
        ("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1"),
        ("busy_timeout", "5000"),
    ])
    func commitsDurably(setting: String, value: String) async throws {
        #expect(try await Backend.sqliteStore().pragma(setting) == value)
    }

    /// A long write needs a journal as large as its changes.
    @Test func onlySharedWritesKeepTheJournalInMemory() async throws {
        let store = try await Backend.sqliteStore()
        let place = { @Sendable (db: SQLiteConnection) in
            try db.count("PRAGMA temp_store", isCached: false)
        }
        #expect(try await store.transaction(.write) { try place($0) } == 2)
        #expect(try store.pragma("temp_store") == "0")
        #expect(try await store.transaction(.longWrite) { try place($0) } == 0)
        await #expect(throws: InventoryError.self) { try await store.deleteNumber(1, if: .always) }
        #expect(try store.pragma("temp_store") == "0")
    }

    @Test func readSeesOneSnapshot() async throws {
        let store = try await Backend.sqliteStore()
        let (before, after) = try await store.transaction(.snapshot) { db in
            let before = try NumberFilter().count(in: db)
            _ = try store.load(Array(DemoNumbers(seed: 1).prefix(10)))
            return (before, try NumberFilter().count(in: db))
        }
        #expect(before == 0 && after == 0)
        #expect(try await store.count() == 10)
    }

    @Test func rejectsFileThatIsNoDatabase() async throws {
        let path = try await Backend.sqlitePath()
        try Data(repeating: UInt8(ascii: "x"), count: 5_000).write(to: URL(filePath: path))
        let error = try #require(throws: OpeningError.self) { try SQLiteStore(path: path) }
        guard case .notADatabase(path) = error else { throw error }
        #expect(error.description.contains("is not an inventory"))
    }

    @Test func writesWaitTogetherForAnotherProgram() async throws {
        let path = try await Backend.sqlitePath()
        let store = try await Backend.sqliteStore(at: path)
        let other = try SharedConnection(path: path)
        try other.use { try $0.runScript("BEGIN IMMEDIATE") }
        let start = ContinuousClock.now
        let errors = try await race(8) { index in
            await failure { try await store.create("432\(index)") }
        }
        #expect(errors.allSatisfy { $0.hasPrefix("unavailable") })
        // If they waited in turn, they would take forty seconds.
        #expect(ContinuousClock.now - start < .seconds(20))
        try other.use { try $0.runScript("COMMIT") }
        #expect(try await store.count() == 0)
        try await store.create("4321")
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
        let error = try #require(throws: SQLiteError.self, "\(what)") {
            try SQLiteStore().database.write { db in
                try db.runScript(
                    """
                    INSERT INTO number (digits, value, monthyPrice, setupPrice, currency)
                    VALUES (\(row))
                    """)
            }
        }
        #expect(error.primaryCode == SQLITE_CONSTRAINT)
    }

    @Test func migratedFileMergesItsSearchIndexInSteps() async throws {
        let path = try await Backend.sqlitePath()
        try SharedConnection.withSchema(at: path, migrations: 2) { db in
            try db.runScript(
                """
                INSERT INTO number (digits, value, monthyPrice, setupPrice, currency)
                VALUES ('5584912344321', '+55 84 91234-4321', 0, 0, 'U$')
                """)
        }
        let store = try await Backend.sqliteStore(at: path)
        // With FTS5's default settings, it would have merged sixteen segments twice.
        for content in DemoNumbers(seed: 1).prefix(40) { try await store.createNumber(content) }
        let pieces = try store.database.read { db in
            try db.count("SELECT count(DISTINCT segid) FROM number_search_idx")
        }
        #expect(pieces == 41)
        let found = NumberQuery(filter: NumberFilter(search: .digits("4321")))
        #expect(try await store.listNumbers(found).elements.first?.id == 1)
    }

    @Test func createsOfOneCommitShareAPieceOfTheSearchIndex() async throws {
        let store = try await Backend.sqliteStore()
        let contents = Array(DemoNumbers(seed: 1).prefix(30))
        try await store.createNumber(contents[0])
        let creates = contents[1...20].map { content -> @Sendable () async throws -> Any in
            { try await store.createNumber(content) }
        }
        #expect(try await commit(creates, in: store) == Array(repeating: "none", count: 20))
        let pieces = try store.database.read { db in
            try db.count("SELECT count(DISTINCT segid) FROM number_search_idx")
        }
        #expect(pieces == 2)

        // These writes also change numbers that the same commit creates, whose ids begin with 22.
        let outcomes = try await commit(
            [
                { try await store.createNumber(contents[21]) },
                { try await store.createNumber(contents[1]) },
                { try await store.updateNumber(1, if: .always) { $0.value = contents[29].value } },
                { try await store.createNumber(contents[22]) },
                { try await store.updateNumber(22, if: .always) { $0.value = contents[28].value } },
                { try await store.createNumber(contents[23]) },
                { try await store.deleteNumber(24, if: .always) },
                { try await store.createNumber(contents[24]) },
                { try await store.createNumbers(Array(contents[25...26]), onlyIfEmpty: false) },
                { try await store.createNumber(contents[27]) },
            ], in: store)
        #expect(outcomes.filter { $0 != "none" }.map { $0.prefix(12) } == ["numberExists"])
        try store.checkIndexes()
    }

    /// Lets the writes share a commit, in their order; returns their errors, or "none".
    private func commit(
        _ writes: [@Sendable () async throws -> Any], in store: SQLiteStore
    ) async throws -> [String] {
        let gate = DispatchSemaphore(value: 0)
        let begun = SharedCount()
        let first = Task {
            try await store.transaction(.write) { _ in
                begun.next()
                gate.wait()
            }
        }
        try await until { begun.value == 1 }
        var tasks: [Task<String, Never>] = []
        for write in writes {
            tasks.append(Task { await failure { _ = try await write() } })
            try await until { store.writer.waitingCount == tasks.count }
        }
        gate.signal()
        try await first.value
        var outcomes: [String] = []
        for task in tasks { outcomes.append(await task.value) }
        return outcomes
    }

    @Test func loadKeepsTheSchema() throws {
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

    @Test func sessionCacheSeesChangesOfOtherPrograms() async throws {
        let path = try await Backend.sqlitePath()
        let server = try await Backend.sqliteStore(at: path)
        let command = try await Backend.sqliteStore(at: path)
        let (ana, now) = (Username(stored: "ana"), Date.now)
        let digest = TokenDigest(repeating: 1)
        for name in ["ana", "bob"] { _ = try await command.createUser(UserDraft(name)) }
        _ = try await server.createSession(
            SessionDraft(
                username: ana, passwordHash: PasswordHash(stored: "a hash"), digest: digest,
                expiresAt: now + 60), now: now)
        // The second look-up uses the cache, and the session still expires.
        for _ in 0..<2 {
            #expect(try await server.session(digest, now: now)?.user.role == .supervisor)
        }
        #expect(try await server.session(digest, now: now + 60) == nil)
        try await command.setRole(.salesperson, of: ana)
        for _ in 0..<2 {
            #expect(try await server.session(digest, now: now)?.user.role == .salesperson)
        }
        try await command.removeUser(ana)
        #expect(try await server.session(digest, now: now) == nil)
    }
}

extension SharedConnection {
    /// Creates a file, runs the first `count` migrations in it, and then `body`.
    static func withSchema(
        at path: String, migrations count: Int, _ body: (SQLiteConnection) throws -> Void = { _ in }
    ) throws {
        let older = try SharedConnection(path: path)
        try Migrator(path: path, migrations: Array(Schema.migrations.prefix(count))).migrate(older)
        try older.write(body)
        older.close()
    }
}

extension SQLiteStore {
    /// The value of a PRAGMA on the writing connection.
    fileprivate func pragma(_ name: String) throws -> String? {
        try database.use { db in
            try db.row("PRAGMA \(name)", isCached: false) { try $0.text() }
        }
    }
}
