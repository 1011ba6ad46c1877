import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Testing

/// What only PostgreSQL does; with `scripts/with-postgres`.
@Suite(.stores, .enabled(if: Backend.hasPostgres)) struct PostgresStoreTests {
    /// Each kind of error occurs more often than there are connections.
    @Test func failedRequestsReturnTheirConnections() async throws {
        let store = try await Backend.postgresStore()
        try await store.create("4321")
        struct Refused: Error {}
        for _ in 0..<30 {
            for request in [
                { _ = try await store.number(99) }, { try await store.create("4321") },
                { try await store.updateNumber(1, if: .always) { _ in throw Refused() } },
                { try await store.removeUser(Username(stored: "nobody")) },
            ] as [() async throws -> Void] {
                #expect(await failure(request) != "none")
            }
            let task = Task { try await store.listNumbers(NumberQuery()) }
            task.cancel()
            _ = try? await task.value
        }
    }

    @Test func lostConnectionIsReplaced() async throws {
        let store = try await Backend.postgresStore()
        try await store.create("4321")
        for _ in 0..<5 {
            // Opens several connections.
            _ = try await race(8) { _ in try await store.number(1) }
            try await PostgresStore.execute(
                """
                SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity
                WHERE application_name = current_setting('application_name')
                AND pid <> pg_backend_pid()
                """, at: store.address)
            // Reads and writes succeed at once.
            try await store.updateNumber(1, if: .always) { $0.setupPrice = try Price("7") }
            _ = try await store.number(1)
        }
    }

    @Test func connectionKeepsFewPreparedStatements() async throws {
        let connection = try Connection(try await Backend.postgresSchema())
        for number in 0..<(3 * Connection.capacity) {
            let sum = try connection.count("SELECT \(number) + $1::int", [.integer(1)])
            #expect(sum == number + 1)
        }
        let kept = try connection.count("SELECT count(*) FROM pg_prepared_statements")
        #expect((1...Connection.capacity).contains(kept))
    }

    @Test func textsAreNotExecutedAsSQL() async throws {
        let store = try await Backend.postgresStore()
        let odd = #"'; DROP TABLE number; -- \"{},"#
        _ = try await store.createUser(UserDraft("ana", passwordHash: odd))
        #expect(try await store.passwordHash(of: Username(stored: "ana"))?.stored == odd)
        #expect(try await store.passwordHash(of: Username(stored: odd)) == nil)
        #expect(try await store.count(currency: Currency(storedSymbol: odd)) == 0)
        var content = try NumberContent("+55 84 91234-4321")
        content.currency = Currency(storedSymbol: #"\"}"#)
        #expect(try await store.createNumbers([content], onlyIfEmpty: false) == 1)
        #expect(try await store.number(1).content == content)
    }

    @Test func hasAnIndexForEverySort() async throws {
        let store = try await Backend.postgresStore()
        _ = try await store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(100)), onlyIfEmpty: true)
        for (key, currency) in try SortKey.withAndWithoutCurrency() {
            // Page 1 is read from the start, page 4 from the end.
            for page in [1, 4] {
                let plan = try Self.plan(
                    of: NumberQuery(
                        page: page, sort: [key], filter: NumberFilter(currency: currency)),
                    setting: """
                        enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
                        SET enable_incremental_sort = off
                        """, at: store.address)
                #expect(!plan.contains("Sort"), "\(plan)")
                #expect(plan.contains("Index Only Scan"), "\(plan)")
            }
        }
    }

    /// PostgreSQL's plan for selecting the ids of a page.
    private static func plan(
        of query: NumberQuery, setting: String = "enable_seqscan = off", at address: PostgresAddress
    ) throws -> String {
        let connection = try Connection(address)
        try connection.execute("SET " + setting)
        let total = max(try query.count(in: connection), query.paging.offset + 1)
        let selection = query.idSelection(of: try #require(query.paging.range(of: total)))
        return try connection.query("EXPLAIN " + selection.sql, selection.values)
            .map { $0.text() }.joined(separator: "\n")
    }

    @Test func prefixAndPriceFiltersUseIndexes() async throws {
        let store = try await Backend.postgresStore()
        _ = try await store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(2000)), onlyIfEmpty: true)
        try await PostgresStore.execute("ANALYZE number", at: store.address)
        let query = NumberQuery(filter: NumberFilter(prefix: try DigitPrefix("558499")))
        let plan = try Self.plan(of: query, at: store.address)
        #expect(plan.contains("number_digits_unique"), "\(plan)")
        #expect(plan.contains("digits >= '558499'"), "\(plan)")
        let dear = NumberFilter(prices: [.monthyPrice: .greatest ... .greatest])
        let prices = try Self.plan(of: NumberQuery(filter: dear), at: store.address)
        #expect(prices.contains("number_by_monthy_price"), "\(prices)")
        // A prepared plan for all prices or searches would be bad for most.
        let connection = try Connection(store.address)
        let search = NumberFilter(search: .digits("9"))
        for filter in [dear, search, NumberFilter(currency: try Currency("U$"))] {
            _ = try connection.page(NumberQuery(filter: filter))
        }
        let prepared = try connection.query("SELECT statement FROM pg_prepared_statements")
            .map { $0.text() }
        #expect(prepared.contains { $0.contains("\"currency\" = $1") })
        #expect(!prepared.contains { $0.contains("BETWEEN") || $0.contains("LIKE") })
    }

    @Test func bulkWriteMayTakeLongerThanASingleOne() async throws {
        let store = try await Backend.postgresStore()
        try await store.delayInsertions(bySeconds: 7.5)
        async let single = failure { try await store.create("4322") }
        let draft = try NumberContent("+55 84 91234-4321")
        #expect(try await store.createNumbers([draft], onlyIfEmpty: false) == 1)
        #expect(await single.hasPrefix("unavailable"))
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
        let address = try await Backend.postgresRole(at: Backend.postgresSchema())
        // Without `public` in its search path, the role cannot use the extension.
        let store = try await Backend.postgresStore(
            at: PostgresAddress(url: address.url.replacing(",public", with: "")))
        try await store.create("4321")
        #expect(try await store.count(search: "4321") == 1)
    }
}

extension SortKey {
    /// Both directions of each column, without and with a currency.
    static func withAndWithoutCurrency() throws -> [(SortKey, Currency?)] {
        let currencies = [nil, try Currency("U$")]
        return Column.allCases.flatMap { [SortKey($0), SortKey($0, descending: true)] }
            .flatMap { key in currencies.map { (key, $0) } }
    }
}
