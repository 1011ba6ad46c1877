import Inventory
import StoreTesting
import Testing

@Suite(.stores) struct NumberListContract {
    /// Creates 105 numbers with ties in every column but the value.
    private func fill(_ store: any NumberStore) async throws -> [DIDNumber] {
        let contents = try (0..<105).map { index in
            try NumberContent(
                "+55 84 9\(8000 + index * 7 % 105)-\(1000 + index)",
                monthyPrice: ["0.03", "10.00", "9.00", "100.00"][index % 4],
                setupPrice: ["0.00", "3.40"][index % 2], currency: ["U$", "R$", "€"][index % 3])
        }
        _ = try await store.createNumbers(contents, onlyIfEmpty: true)
        return zip(1..., contents).map { DIDNumber(id: $0, content: $1) }
    }

    private func list(
        _ store: any NumberStore, _ query: NumberQuery
    ) async throws -> (ids: [Int64], total: Int) {
        let page = try await store.listNumbers(query)
        return (page.elements.map(\.id), page.total)
    }

    @Test(arguments: Backend.allCases)
    func pageIsPartOfTheList(backend: Backend) async throws {
        let store = try await backend.store()
        #expect(try await store.count() == 0)
        _ = try await fill(store)
        for (page, perPage, ids) in [
            (1, nil, 1...25), (3, nil, 51...75), (5, nil, 101...105), (6, nil, nil),
            (.max, 1000, nil), (105, 1, 105...105), (1, 1000, 1...105),
        ] as [(Int, Int?, ClosedRange<Int64>?)] {
            let query = NumberQuery(page: page, perPage: perPage ?? 25)
            let listed = try await list(store, query)
            #expect(listed.ids == ids.map { Array($0) } ?? [])
            #expect(listed.total == 105)
        }
    }

    /// Expects the pages of 40 to be the list of `numbers` in the order of `keys`.
    private func expectPages(
        of store: any NumberStore, _ numbers: [DIDNumber], by keys: [SortKey],
        _ filter: NumberFilter = NumberFilter()
    ) async throws {
        let order = keys + [SortKey(.id, descending: keys.last?.isDescending == true)]
        let expected = numbers.filter(filter.matches).sorted { one, other in
            order.lazy.compactMap { $0.precedes(one, other) }.first ?? false
        }.map(\.id)
        var query = NumberQuery(perPage: 40, sort: keys, filter: filter)
        var ids: [Int64] = []
        for page in 1...(expected.count / 40 + 1) {
            query.paging.page = page
            let listing = try await list(store, query)
            #expect(listing.total == expected.count, "\(query)")
            ids += listing.ids
        }
        #expect(ids == expected, "\(query)")
    }

    @Test(arguments: Backend.allCases)
    func sortsByMoreThanOneColumn(backend: Backend) async throws {
        let store = try await backend.store()
        let numbers = try await fill(store)
        let keys = SortKey.Column.allCases.flatMap { [SortKey($0), SortKey($0, descending: true)] }
        for key in keys {
            for other in keys where other.column != key.column {
                try await expectPages(of: store, numbers, by: [key, other])
            }
        }
    }

    private static let filters: [NumberFilter] = {
        let cheap = Price(storedTenThousandths: 300)...Price(storedTenThousandths: 90_000)
        let free = Price.zero...Price.zero
        let prefix = { (digits: String) in try? DigitPrefix(digits) }
        let suffix = { (digits: String) in try? DigitSuffix(digits) }
        return [
            NumberFilter(), NumberFilter(search: .nothing), NumberFilter(search: .digits("999999")),
            NumberFilter(search: .digits("8")), NumberFilter(search: .digits("98")),
            NumberFilter(search: .digits("5584980001000")), NumberFilter(search: .digits("980")),
            NumberFilter(search: .digits("0010")), NumberFilter(prefix: prefix("+55 84 980")),
            NumberFilter(prefix: prefix("55849810")), NumberFilter(prefix: prefix("5")),
            NumberFilter(prefix: prefix("56")), NumberFilter(prices: [.monthyPrice: cheap]),
            NumberFilter(prices: [.monthyPrice: cheap, .setupPrice: free]),
            NumberFilter(prices: [.setupPrice: .zero ... .greatest]),
            NumberFilter(
                search: .digits("10"), prefix: prefix("55849"), prices: [.monthyPrice: cheap]),
            NumberFilter(
                search: .digits("55"), suffix: suffix("001"), prices: [.monthyPrice: cheap]),
            NumberFilter(search: .digits("10"), prices: [.monthyPrice: free]),
            NumberFilter(prefix: prefix("5584"), prices: [.monthyPrice: cheap, .setupPrice: free]),
            NumberFilter(search: .digits("00")), NumberFilter(search: .digits("105")),
            NumberFilter(search: .digits("001"), prefix: prefix("5584980")),
            NumberFilter(search: .digits("980"), prices: [.setupPrice: free]),
            NumberFilter(search: .digits("0055849", or: ["5584980"])),
            NumberFilter(search: .digits("0055849", or: ["1001", "1002"])),
            NumberFilter(ids: [1, 3, 3, 104, 106, .max]),
            NumberFilter(
                ids: Array(40...70), search: .digits("001"), prices: [.monthyPrice: cheap]),
            NumberFilter(ids: [1, 2], prefix: prefix("5584980")),
            NumberFilter(prefix: try? DigitPrefix("5584980001000", isWhole: true)),
            NumberFilter(prefix: try? DigitPrefix("558498000100", isWhole: true)),
            NumberFilter(suffix: suffix("000")), NumberFilter(suffix: suffix("11001")),
            NumberFilter(suffix: suffix("+5584980001000")), NumberFilter(suffix: suffix("+1000")),
            NumberFilter(search: .digits("98"), suffix: suffix("001")),
            NumberFilter(search: .digits("980"), suffix: suffix("1001")),
            NumberFilter(search: .digits("0055849", or: ["1001", "1002"]), suffix: suffix("002")),
            NumberFilter(
                ids: Array(40...70), prefix: prefix("5584"), suffix: suffix("105"),
                prices: [.setupPrice: free]),
            NumberFilter(prefix: prefix("5584980"), suffix: suffix("000")),
        ]
    }()

    @Test(arguments: Backend.allCases)
    func listIsFilteredAndSorted(backend: Backend) async throws {
        let store = try await backend.store()
        let numbers = try await fill(store)
        for filter in Self.filters {
            for (key, currency) in try SortKey.withAndWithoutCurrency() {
                var filter = filter
                filter.currency = currency
                try await expectPages(of: store, numbers, by: [key], filter)
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func pageBeginsAtAnyNumber(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await fill(store)
        for isDescending in [false, true] {
            var query = NumberQuery(perPage: 20, sort: [SortKey(.id, descending: isDescending)])
            for start in [0, 5, 60, 99, 105, .max] {
                query.paging.start = start
                let ids = Array<Int64>(1...105).dropFirst(start).prefix(20)
                let listed = try await list(store, query)
                #expect(listed.ids == ids.map { isDescending ? 106 - $0 : $0 }, "\(start)")
                #expect(listed.total == 105)
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func currenciesAreSortedByTheirCounts(backend: Backend) async throws {
        let store = try await backend.store()
        #expect(try await store.listCurrencies().isEmpty)
        _ = try await fill(store)
        func counts() async throws -> [String] {
            try await store.listCurrencies().map { "\($0.currency.symbol) \($0.count)" }
        }
        #expect(try await counts() == ["R$ 35", "U$ 35", "€ 35"])
        let pounds = try Currency("£")
        _ = try await store.updateNumber(1, if: .always) { $0.currency = pounds }
        try await store.deleteNumber(2, if: .always)
        try await store.deleteNumber(5, if: .always)
        #expect(try await counts() == ["€ 35", "U$ 34", "R$ 33", "£ 1"])
        #expect(try await store.count(currency: pounds) == 1)
        #expect(try await store.count() == 103)
        // Currencies without numbers are not listed.
        try await store.deleteNumber(1, if: .always)
        let currency = try Currency("R$")
        _ = try await store.changeNumbers(
            BulkChange(.matching(NumberFilter(currency: currency)), .delete), by: .tester)
        #expect(try await counts() == ["€ 35", "U$ 34"])
    }

    @Test(arguments: Backend.allCases)
    func countsTheCurrenciesOfMatchingNumbers(backend: Backend) async throws {
        let store = try await backend.store()
        let numbers = try await fill(store)
        for filter in Self.filters {
            for currency in [nil, try Currency("U$")] {
                var filter = filter
                filter.currency = currency
                let matches = numbers.filter(filter.matches)
                let expected = Dictionary(grouping: matches, by: \.content.currency.symbol)
                let counts = try #require(try await store.listCurrencies(filter))
                let found = counts.map { ($0.currency.symbol, $0.count) }
                #expect(
                    Dictionary(uniqueKeysWithValues: found) == expected.mapValues(\.count),
                    "\(filter)")
                #expect(counts.map(\.count) == counts.map(\.count).sorted(by: >))
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func currenciesOfTooManyMatchesAreNotCounted(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await store.createNumbers(
            NumberContent.plain(Currency.mostCounted), onlyIfEmpty: true)
        let filters = [
            NumberFilter(search: .digits("849")), NumberFilter(prefix: try DigitPrefix("55")),
            NumberFilter(prices: [.setupPrice: .zero ... .zero]),
        ]
        func counts() async throws -> [Int?] {
            var counts: [Int?] = []
            for filter in filters {
                counts.append(try await store.listCurrencies(filter)?.first?.count)
            }
            return counts
        }
        #expect(try await counts() == filters.map { _ in Currency.mostCounted })
        try await store.create("4321")
        let zero = Price.zero
        _ = try await store.updateNumber(Int64(Currency.mostCounted) + 1, if: .always) {
            $0.setupPrice = zero
        }
        #expect(try await counts() == filters.map { _ in nil })
        #expect(try await store.listCurrencies().map(\.count) == [Currency.mostCounted + 1])
        let few = NumberFilter(search: .digits("849"), prefix: try DigitPrefix("558491000"))
        #expect(try await store.listCurrencies(few)?.map(\.count) == [10_000])
    }

    @Test(arguments: Backend.allCases)
    func largeInventoryCountsCurrenciesOfNarrowFilters(backend: Backend) async throws {
        let store = try await backend.store()
        let contents = NumberContent.plain(Currency.mostRead)
        _ = try store.load(contents)
        let digits = contents.map(\.value.digits).filter { $0.contains("12") }
        let wide = NumberFilter(
            search: .digits("12"), prefix: try DigitPrefix("5584"),
            prices: [.setupPrice: .zero ... .zero])
        func count(_ filter: NumberFilter) async throws -> Int? {
            try await store.listCurrencies(filter).map { $0.first?.count ?? 0 }
        }
        #expect(try await count(wide) == digits.count)
        try await store.create("4321")
        #expect(try await count(wide) == nil)
        var narrow = wide
        narrow.suffix = try DigitSuffix("345")
        #expect(try await count(narrow) == digits.count { $0.hasSuffix("345") })
        narrow = wide
        narrow.prefix = try DigitPrefix("558491000")
        #expect(try await count(narrow) == digits.count { $0.hasPrefix("558491000") })
        narrow = wide
        narrow.prices[.monthyPrice] = .greatest ... .greatest
        #expect(try await count(narrow) == 0)
    }

    @Test(arguments: Backend.allCases)
    func listOfCurrenciesIsBounded(backend: Backend) async throws {
        let store = try await backend.store()
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(Unicode.Scalar($0)) }
        let signs = letters.flatMap { one in letters.map { one + $0 + "$" } }
        let symbols = (signs + signs.map { $0.lowercased() }).prefix(Currency.mostListed + 1)
        let contents = try zip(DemoNumbers(seed: 1), symbols).map { content, symbol in
            var content = content
            content.currency = try Currency(symbol)
            return content
        }
        _ = try await store.createNumbers(contents, onlyIfEmpty: true)
        let listed = try await store.listCurrencies()
        #expect(
            listed.map(\.currency.symbol) == Array(symbols.sorted().prefix(Currency.mostListed)))
    }

    @Test(arguments: Backend.allCases)
    func searchFindsOnlyCurrentContent(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        let other = try PhoneNumber("+55 84 95555-0000")
        _ = try await store.updateNumber(1, if: .always) { $0.value = other }
        #expect(try await store.count(search: "4321") == 0)
        #expect(try await store.count(search: "5555") == 1)
        try await store.deleteNumber(1, if: .always)
        #expect(try await store.count(search: "5555") == 0)
    }
}

extension NumberFilter {
    fileprivate func matches(_ number: DIDNumber) -> Bool {
        let content = number.content
        let isFound =
            switch search {
            case .all: true
            case .digits(let digits, let others):
                ([digits] + others).contains(where: content.value.digits.contains)
            case .nothing: false
            }
        let digits = content.value.digits
        return isFound && ids.map { $0.contains(number.id) } ?? true
            && prefix.map { $0.digits <= digits && digits < $0.end } ?? true
            && suffix.map(digits.endsWith) ?? true
            && currency.map { $0 == content.currency } ?? true
            && prices[.monthyPrice].map { $0.contains(content.monthyPrice) } ?? true
            && prices[.setupPrice].map { $0.contains(content.setupPrice) } ?? true
    }
}

extension SortKey {
    /// Whether `one` comes before `other`; nil if both have the same value in the column.
    fileprivate func precedes(_ one: DIDNumber, _ other: DIDNumber) -> Bool? {
        let (content, others) = (one.content, other.content)
        return switch column {
        case .id: order(one.id, other.id)
        case .member(.value):
            order(Array(content.value.formatted.utf8), Array(others.value.formatted.utf8))
        case .member(.monthyPrice): order(content.monthyPrice, others.monthyPrice)
        case .member(.setupPrice): order(content.setupPrice, others.setupPrice)
        case .member(.currency):
            order(Array(content.currency.symbol.utf8), Array(others.currency.symbol.utf8))
        }
    }

    private func order<Value: Comparable>(_ one: Value, _ other: Value) -> Bool? {
        one == other ? nil : (one < other) != isDescending
    }

    private func order(_ one: [UInt8], _ other: [UInt8]) -> Bool? {
        one == other ? nil : one.lexicographicallyPrecedes(other) != isDescending
    }
}

extension String {
    fileprivate func endsWith(_ suffix: DigitSuffix) -> Bool {
        suffix.pattern.hasPrefix("%") ? hasSuffix(suffix.digits) : self == suffix.digits
    }
}
