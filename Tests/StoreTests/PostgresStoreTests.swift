import Foundation
import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// What only PostgreSQL does; with `scripts/with-postgres`.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresStoreTests {
    @Test func failedRequestsReturnTheirConnections() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            _ = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            struct Refused: Error {}
            // Errors of all kinds, more often than there are connections.
            for _ in 0..<30 {
                await #expect(throws: InventoryError.self) { try await store.number(99) }
                await #expect(throws: InventoryError.self) {
                    try await store.createNumber(try NumberContent("+55 84 91234-4321"))
                }
                await #expect(throws: Refused.self) {
                    try await store.updateNumber(1, if: .always) { _ in throw Refused() }
                }
                await #expect(throws: AccountError.self) {
                    try await store.removeUser(Username(stored: "nobody"))
                }
                let task = Task { try await store.listNumbers(NumberQuery()) }
                task.cancel()
                _ = try? await task.value
            }
            #expect(try await store.givesAllConnectionsBack())
            await store.close()
        }
    }

    @Test func lostConnectionIsReplaced() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            _ = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            for _ in 0..<5 {
                // Opens several connections.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try await store.number(1) } }
                    try await group.waitForAll()
                }
                try await PostgresStore.execute(
                    """
                    SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity
                    WHERE application_name = current_setting('application_name')
                    AND pid <> pg_backend_pid()
                    """, at: address)
                // Reads and writes succeed at once.
                _ = try await store.updateNumber(1, if: .always) { $0.setupPrice = try Price("7") }
                _ = try await store.number(1)
            }
            #expect(try await store.givesAllConnectionsBack())
            await store.close()
        }
    }

    @Test func connectionKeepsFewPreparedStatements() async throws {
        try await Backend.withPostgresSchema { address in
            let connection = try Connection(address)
            for number in 0..<(3 * Connection.capacity) {
                let sum = try connection.count("SELECT \(number) + $1::int", [.integer(1)])
                #expect(sum == number + 1)
            }
            let count = try connection.count("SELECT count(*) FROM pg_prepared_statements")
            #expect((1...Connection.capacity).contains(count))
        }
    }

    @Test func textsAreNotExecutedAsSQL() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            let odd = #"'; DROP TABLE number; -- \"{},"#
            _ = try await store.createUser(UserDraft("ana", passwordHash: odd))
            #expect(try await store.passwordHash(of: Username(stored: "ana"))?.stored == odd)
            #expect(try await store.passwordHash(of: Username(stored: odd)) == nil)
            let query = NumberQuery(filter: NumberFilter(currency: Currency(storedSymbol: odd)))
            #expect(try await store.listNumbers(query).total == 0)
            let drafts = [
                NumberContent(
                    value: try PhoneNumber("+55 84 91234-4321"), monthyPrice: try Price("0"),
                    setupPrice: try Price("0"), currency: Currency(storedSymbol: #"\"}"#))
            ]
            #expect(try await store.createNumbers(drafts, onlyIfEmpty: false) == 1)
            #expect(try await store.number(1).content.currency.symbol == #"\"}"#)
            await store.close()
        }
    }

    @Test(arguments: SortKey.Column.allCases, [false, true])
    func hasAnIndexForEverySort(column: SortKey.Column, isDescending: Bool) async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            _ = try await store.createNumbers(
                Array(DemoNumbers(seed: 1).prefix(100)), onlyIfEmpty: true)
            for currency in [nil, try Currency("U$")] {
                // The first is read from the start, the other from the end.
                for page in [1, 4] {
                    let query = NumberQuery(
                        page: page, sort: [SortKey(column, descending: isDescending)],
                        filter: NumberFilter(currency: currency))
                    let plan = try Self.plan(of: query, at: address)
                    #expect(!plan.contains("Sort"), "\(plan)")
                    #expect(plan.contains("Index Only Scan"), "\(plan)")
                }
            }
            await store.close()
        }
    }

    /// The plan for the ids of a page. It sorts only if no index fits.
    private static func plan(
        of query: NumberQuery,
        setting: String = """
        enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
        SET enable_incremental_sort = off
        """, at address: PostgresAddress
    ) throws -> String {
        let connection = try Connection(address)
        try connection.execute("SET " + setting)
        let total = max(try query.count(in: connection), query.paging.offset + 1)
        let selection = query.idSelection(of: try #require(query.paging.range(of: total)))
        return try connection.query("EXPLAIN " + selection.sql, selection.values)
            .map { $0.text() }.joined(separator: "\n")
    }

    @Test func prefixAndPriceFiltersUseIndexes() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            _ = try await store.createNumbers(
                Array(DemoNumbers(seed: 1).prefix(2000)), onlyIfEmpty: true)
            try await PostgresStore.execute("ANALYZE number", at: address)
            let query = NumberQuery(filter: NumberFilter(prefix: try DigitPrefix("558499")))
            let plan = try Self.plan(of: query, setting: "enable_seqscan = off", at: address)
            #expect(plan.contains("number_digits_unique"), "\(plan)")
            #expect(plan.contains("digits >= '558499'"), "\(plan)")
            let dear = NumberFilter(prices: [.monthyPrice: .greatest ... .greatest])
            let prices = try Self.plan(
                of: NumberQuery(filter: dear), setting: "enable_seqscan = off", at: address)
            #expect(prices.contains("number_by_monthy_price"), "\(prices)")
            await store.close()
            // One plan for all prices would be bad for most.
            let connection = try Connection(address)
            for filter in [dear, NumberFilter(currency: try Currency("U$"))] {
                let query = NumberQuery(filter: filter)
                _ = try query.page(in: try #require(query.nearWindow), of: connection)
                _ = try query.count(in: connection)
            }
            let prepared = try connection.query("SELECT statement FROM pg_prepared_statements")
                .map { $0.text() }
            #expect(prepared.contains { $0.contains("\"currency\" = $1") })
            #expect(!prepared.contains { $0.contains("BETWEEN") })
        }
    }

    @Test func bulkWriteMayTakeLongerThanASingleOne() async throws {
        try await Backend.withPostgresSchema { address in
            let store = try await PostgresStore(address)
            try await PostgresStore.execute(
                """
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_sleep(7.5); RETURN NEW; END $$;
                CREATE TRIGGER dawdle BEFORE INSERT ON number
                FOR EACH ROW EXECUTE FUNCTION dawdle()
                """, at: address)
            let draft = try NumberContent("+55 84 91234-4321")
            #expect(try await store.createNumbers([draft], onlyIfEmpty: true) == 1)
            // One number may not.
            await #expect(throws: InventoryError.self) {
                try await store.createNumber(try NumberContent("+55 84 91234-4322"))
            }
            await store.close()
        }
    }

    @Test func connectionErrorNamesTheAddressWithoutPassword() async throws {
        let nobody = try PostgresAddress(url: "postgres://ana:secret@127.0.0.1:1/inventory")
        let error = try await #require(throws: OpeningError.self) {
            try await PostgresStore(nobody, startTimeout: .zero)
        }
        #expect(
            "\(error)".hasPrefix("Cannot connect to the database postgres://ana:…@127.0.0.1:1/"))
        #expect(!"\(error)".contains("secret"))
    }

    @Test func searchWorksWithoutTheExtension() async throws {
        try await Backend.withPostgresSchema { address in
            // A role that may only create tables in the schema.
            let role = "plain_" + UUID().uuidString.lowercased().replacing("-", with: "_")
            let schema = try #require(address.description.firstMatch(of: /test_[0-9a-f_]+/)).0
            try await PostgresStore.execute(
                "CREATE ROLE \(role) LOGIN; GRANT ALL ON SCHEMA \(schema) TO \(role)", at: address)
            // Without `public` in its path, it cannot use the extension.
            let url = address.description.replacing("postgres@", with: "\(role)@")
                .replacing(",public", with: "").replacing("search_path=", with: "search_path%3D")
            let store = try await PostgresStore(PostgresAddress(url: url))
            _ = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let found = try await store.listNumbers(
                NumberQuery(filter: NumberFilter(search: .digits("4321"))))
            #expect(found.total == 1)
            await store.close()
            try await PostgresStore.execute("DROP OWNED BY \(role); DROP ROLE \(role)", at: address)
        }
    }
}

extension PostgresStore {
    /// Whether all connections are soon idle, also those still being opened.
    func givesAllConnectionsBack() async throws -> Bool {
        for _ in 0..<1500 {
            if await pool.count == pool.idle.count { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}
