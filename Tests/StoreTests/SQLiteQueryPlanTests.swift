import Inventory
@testable import SQLiteStore
import Storage
import Testing

/// Which indexes SQLite uses.
@Suite struct SQLiteQueryPlanTests {
    /// An inventory in memory with demonstration numbers.
    private static func store(numbers count: Int) throws -> SQLiteStore {
        let store = try SQLiteStore()
        _ = try store.load(Array(DemoNumbers(seed: 1).prefix(count)))
        return store
    }

    @Test func everySortHasAnIndex() throws {
        let store = try Self.store(numbers: 100)
        for (key, currency) in try SortKey.withAndWithoutCurrency() {
            // Page 1 is read from the start, page 4 from the end.
            for page in [1, 4] {
                let filter = NumberFilter(currency: currency)
                let plan = try store.plan(of: NumberQuery(page: page, sort: [key], filter: filter))
                #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
            }
        }
    }

    /// The index of the UNIQUE constraint.
    private static let prefixIndex = "sqlite_autoindex_number_1 (digits>? AND digits<?)"

    @Test func prefixUsesTheUniqueIndex() throws {
        let store = try Self.store(numbers: 500)
        for currency in [nil, try Currency("U$")] {
            let filter = NumberFilter(prefix: try DigitPrefix("558499"), currency: currency)
            let plan = try store.plan(of: NumberQuery(filter: filter))
            #expect(plan.contains(Self.prefixIndex), "\(plan)")
        }
    }

    @Test func searchUsesItsIndexUnlessFewNumbersHaveThePrefix() throws {
        let store = try SQLiteStore()
        _ = try store.load(NumberContent.plain(20_001))
        func plan(_ prefix: String, _ digits: String) throws -> String {
            let filter = NumberFilter(
                search: .digits(digits), prefix: try DigitPrefix(prefix),
                currency: Currency(storedSymbol: "U$"),
                prices: [.monthyPrice: .zero ... .greatest])
            return try store.plan(of: NumberQuery(filter: filter))
        }
        for digits in ["9", "849", "8491"] {
            let few = try plan("5584910000", digits)
            #expect(few.contains(Self.prefixIndex) && !few.contains("VIRTUAL TABLE"), "\(few)")
        }
        let many = try plan("5584", "020000")
        #expect(many.contains("VIRTUAL TABLE") && !many.contains(Self.prefixIndex), "\(many)")
        let found = NumberQuery(filter: NumberFilter(search: .digits("849")))
        #expect(try SQLiteStore().plan(of: found).contains("VIRTUAL TABLE"))
    }

    @Test func suffixUsesTheSearchIndexUnlessFewNumbersHaveThePrefix() throws {
        let store = try SQLiteStore()
        _ = try store.load(NumberContent.plain(20_001))
        for (prefix, usesSearch) in [(nil, true), ("5584", true), ("558491000043", false)] {
            let filter = NumberFilter(
                search: .digits("84"), prefix: try prefix.flatMap { try DigitPrefix($0) },
                suffix: try DigitSuffix("432"), currency: try Currency("U$"))
            for sort in [[], [SortKey(.member(.monthyPrice))]] {
                let plan = try store.plan(of: NumberQuery(sort: sort, filter: filter))
                #expect(plan.contains("VIRTUAL TABLE") == usesSearch, "\(plan)")
                #expect(plan.contains("USING INDEX") != usesSearch, "\(plan)")
            }
        }
    }

    @Test func idsUseTheTable() throws {
        let store = try Self.store(numbers: 500)
        let filter = NumberFilter(
            ids: [1, 2], search: .digits("5584"), prefix: try DigitPrefix("55"),
            currency: try Currency("U$"), prices: [.setupPrice: .zero ... .greatest])
        for sort in [[], [SortKey(.member(.monthyPrice))]] {
            let plan = try store.plan(of: NumberQuery(sort: sort, filter: filter))
            #expect(plan.contains("INTEGER PRIMARY KEY (rowid=?)"), "\(plan)")
            #expect(!plan.contains("USING INDEX") && !plan.contains("VIRTUAL TABLE"), "\(plan)")
        }
    }

    @Test func pricesUseTheirIndexOrThatOfTheOrder() throws {
        let store = try Self.store(numbers: 500)
        func plan(_ prices: ClosedRange<Price>, _ sort: [SortKey] = []) throws -> String {
            let filter = NumberFilter(prices: [.monthyPrice: prices])
            return try store.plan(of: NumberQuery(sort: sort, filter: filter))
        }
        // If few numbers match, SQLite finds them by their price, and sorts them.
        for sort in [[], [SortKey(.member(.value))]] {
            let few = try plan(.greatest ... .greatest, sort)
            #expect(few.contains("(monthyPrice>? AND monthyPrice<?)"), "\(few)")
        }
        // If nearly all numbers match, a scan in their order finds the first soon.
        let many = try plan(.zero ... .greatest)
        #expect(many == "SCAN number")
        for sort in [SortKey(.member(.value)), SortKey(.member(.setupPrice), descending: true)] {
            let plan = try plan(.zero ... .greatest, [sort])
            #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
        }
        // If the list is sorted by this price, its index filters and sorts.
        for isDescending in [false, true] {
            for range in [.zero ... .greatest, .zero ... .zero] as [ClosedRange<Price>] {
                let plan = try plan(
                    range, [SortKey(.member(.monthyPrice), descending: isDescending)])
                #expect(plan.contains("(monthyPrice>? AND monthyPrice<?)"), "\(plan)")
            }
        }
    }

    @Test func narrowestFilterFindsTheNumbers() throws {
        let store = try Self.store(numbers: 500)
        let (all, none) = (Price.zero ... .greatest, Price.greatest ... .greatest)
        for (index, filter) in [
            ("(monthyPrice>? AND monthyPrice<?)", NumberFilter(prices: [.monthyPrice: none])),
            (
                "(setupPrice>? AND setupPrice<?)",
                NumberFilter(prices: [.monthyPrice: all, .setupPrice: none])
            ),
            (
                "(setupPrice>? AND setupPrice<?)",
                NumberFilter(prefix: try DigitPrefix("55"), prices: [.setupPrice: none])
            ),
            (
                "(digits>? AND digits<?)",
                NumberFilter(prefix: try DigitPrefix("999"), prices: [.setupPrice: all])
            ),
            (
                "(currency=?",
                NumberFilter(currency: try Currency("¥"), prices: [.monthyPrice: all])
            ),
        ] {
            for sort in [SortKey(.id), SortKey(.member(.value)), SortKey(.member(.setupPrice))] {
                let plan = try store.plan(of: NumberQuery(sort: [sort], filter: filter))
                #expect(plan.contains(index), "\(plan)")
            }
        }
    }
}

extension SQLiteStore {
    /// SQLite's plan of a query.
    fileprivate func plan(of query: NumberQuery) throws -> String {
        try database.read { db in
            let index = try query.filter.narrowestIndex(in: db)
            let total = max(try query.filter.count(by: index, in: db), query.paging.offset + 1)
            let selection = try query.selection(
                of: try #require(query.paging.range(of: total)), by: index, in: db)
            let steps = try db.rows("EXPLAIN QUERY PLAN " + selection.sql, selection.values) {
                row in
                row.skip(3)
                return try row.text()
            }
            return steps.joined(separator: "\n")
        }
    }
}
