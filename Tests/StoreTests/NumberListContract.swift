import Inventory
import StoreTesting
import Testing

/// How every store lists.
@Suite struct NumberListContract {
    /// 105 numbers with ties in every column but the value.
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
    ) async throws -> Listing {
        let page = try await store.listNumbers(query)
        return Listing(page.elements.map(\.id), of: page.total)
    }

    @Test(arguments: Backend.allCases)
    func pages(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await fill(store)
            #expect(try await list(store, NumberQuery()) == Listing(Array(1...25), of: 105))
            #expect(try await list(store, NumberQuery(page: 3)) == Listing(Array(51...75), of: 105))
            #expect(
                try await list(store, NumberQuery(page: 5)) == Listing(Array(101...105), of: 105))
            #expect(try await list(store, NumberQuery(page: 6)) == Listing([], of: 105))
            #expect(
                try await list(store, NumberQuery(page: .max, perPage: 1000))
                    == Listing([], of: 105))
            #expect(
                try await list(store, NumberQuery(page: 105, perPage: 1)) == Listing([105], of: 105)
            )
            #expect(try await list(store, NumberQuery(perPage: 1000)).ids.count == 105)
        }
    }

    @Test(arguments: Backend.allCases)
    func isEmptyAtFirst(backend: Backend) async throws {
        try await backend.withStore { store in
            let listing = try await list(store, NumberQuery())
            #expect(listing == Listing([], of: 0))
        }
    }

    @Test(arguments: Backend.allCases, SortKey.Column.allCases)
    func sortsWithTiesByID(backend: Backend, column: SortKey.Column) async throws {
        try await backend.withStore { store in
            let numbers = try await fill(store)
            for isDescending in [false, true] {
                let key = SortKey(column, descending: isDescending)
                let expected = numbers.sorted { one, other in
                    if let precedes = key.precedes(one, other) { return precedes }
                    return one.id < other.id
                }
                let sorted = try await list(store, NumberQuery(perPage: 105, sort: [key]))
                #expect(sorted.ids == expected.map(\.id), "\(key)")
                let second = try await list(store, NumberQuery(page: 2, perPage: 10, sort: [key]))
                #expect(second.ids == expected[10..<20].map(\.id), "\(key), page 2")
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func sortsByMoreThanOneColumn(backend: Backend) async throws {
        try await backend.withStore { store in
            let numbers = try await fill(store)
            let keys = [
                SortKey(.currency), SortKey(.monthyPrice, descending: true), SortKey(.value),
            ]
            let expected = numbers.sorted { one, other in
                keys.lazy.compactMap { $0.precedes(one, other) }.first ?? (one.id < other.id)
            }
            let sorted = try await list(store, NumberQuery(perPage: 105, sort: keys))
            #expect(sorted.ids == expected.map(\.id))
        }
    }

    private static let filters: [NumberFilter] = {
        let cheap = Price(storedTenThousandths: 300)...Price(storedTenThousandths: 90_000)
        let free = Price.zero...Price.zero
        let prefix = { (digits: String) in try? DigitPrefix(digits) }
        return [
            NumberFilter(), NumberFilter(search: .digits("98")),
            NumberFilter(search: .digits("980")), NumberFilter(search: .digits("0010")),
            NumberFilter(prefix: prefix("+55 84 980")), NumberFilter(prefix: prefix("55849810")),
            NumberFilter(prefix: prefix("5")), NumberFilter(prefix: prefix("56")),
            NumberFilter(prices: [.monthyPrice: cheap]),
            NumberFilter(prices: [.monthyPrice: cheap, .setupPrice: free]),
            NumberFilter(prices: [.setupPrice: .zero ... .greatest]),
            NumberFilter(
                search: .digits("10"), prefix: prefix("55849"), prices: [.monthyPrice: cheap]),
            NumberFilter(search: .digits("001"), prefix: prefix("5584980")),
            NumberFilter(search: .digits("980"), prices: [.setupPrice: free]),
        ]
    }()

    /// However a store goes about it: all pages together are the whole list.
    @Test(arguments: Backend.allCases, filters)
    func pagesAddUpToTheWhole(backend: Backend, filter: NumberFilter) async throws {
        try await backend.withStore { store in
            let numbers = try await fill(store)
            for currency in [nil, try Currency("€")] {
                var filter = filter
                filter.currency = currency
                let matching = Set(numbers.filter(filter.matches).map(\.id))
                for column in SortKey.Column.allCases {
                    for isDescending in [false, true] {
                        var query = NumberQuery(
                            perPage: 1000, sort: [SortKey(column, descending: isDescending)],
                            filter: filter)
                        let whole = try await list(store, query)
                        #expect(Set(whole.ids) == matching, "\(query)")
                        #expect(whole.total == matching.count)
                        query.paging.perPage = 7
                        var ids: [Int64] = []
                        while ids.count < whole.total {
                            let page = try await list(store, query)
                            guard !page.ids.isEmpty else { break }
                            ids += page.ids
                            query.paging.page += 1
                        }
                        #expect(ids == whole.ids, "\(query)")
                        #expect(try await list(store, query).ids.isEmpty)
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func filtersByCurrency(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await fill(store)
            let query = NumberQuery(
                page: 2, perPage: 10, filter: NumberFilter(currency: try Currency("R$")))
            let expected = (1...105).filter { $0 % 3 == 2 }.map(Int64.init)
            #expect(try await list(store, query) == Listing(Array(expected[10..<20]), of: 35))
            #expect(
                try await list(
                    store, NumberQuery(filter: NumberFilter(currency: try Currency("£"))))
                    == Listing([], of: 0))
        }
    }

    @Test(arguments: Backend.allCases)
    func countsByCurrencyAfterEveryKindOfWrite(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await fill(store)
            let (dollars, pounds) = (try Currency("U$"), try Currency("£"))
            _ = try await store.updateNumber(1, if: .always) { $0.currency = pounds }
            try await store.deleteNumber(4, if: .always)
            #expect(
                try await list(store, NumberQuery(filter: NumberFilter(currency: pounds)))
                    == Listing([1], of: 1))
            #expect(
                try await list(store, NumberQuery(filter: NumberFilter(currency: dollars))).total
                    == 33)
            #expect(try await list(store, NumberQuery()).total == 104)
        }
    }

    @Test(arguments: Backend.allCases)
    func listsCurrenciesByHowManyNumbersTheyHave(backend: Backend) async throws {
        try await backend.withStore { store in
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
            // What nobody has any more is not told.
            try await store.deleteNumber(1, if: .always)
            let currency = try Currency("R$")
            _ = try await store.changeNumbers(
                BulkChange(.matching(NumberFilter(currency: currency)), .delete), by: .tester)
            #expect(try await counts() == ["€ 35", "U$ 34"])
        }
    }

    @Test(arguments: Backend.allCases)
    func listsSoManyCurrenciesAndNoMore(backend: Backend) async throws {
        try await backend.withStore { store in
            let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map {
                String(Unicode.Scalar($0))
            }
            let signs = letters.flatMap { one in letters.map { one + $0 + "$" } }
            let symbols = signs + signs.map { $0.lowercased() }
            let contents = try symbols.enumerated().map { index, symbol in
                try NumberContent("+55 84 9\(8000 + index / 10)-000\(index % 10)", currency: symbol)
            }
            #expect(contents.count > CurrencyCount.most)
            _ = try await store.createNumbers(contents, onlyIfEmpty: true)
            let listed = try await store.listCurrencies()
            #expect(listed.map(\.currency.symbol) == Array(symbols.sorted().prefix(1000)))
        }
    }

    @Test(
        arguments: Backend.allCases, ["8", "84", "849", "8491", "55849", "1000", "5584980001000"])
    func findsDigitsAnywhere(backend: Backend, digits: String) async throws {
        try await backend.withStore { store in
            let numbers = try await fill(store)
            let expected = numbers.filter { $0.content.value.digits.contains(digits) }.map(\.id)
            let found = try await list(
                store, NumberQuery(perPage: 1000, filter: NumberFilter(search: .digits(digits))))
            #expect(found == Listing(expected, of: expected.count))
        }
    }

    @Test(arguments: Backend.allCases)
    func findsWhatIsThereNow(backend: Backend) async throws {
        try await backend.withStore { store in
            let number = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let other = try PhoneNumber("+55 84 95555-0000")
            _ = try await store.updateNumber(number.id, if: .always) { $0.value = other }
            #expect(
                try await list(store, NumberQuery(filter: NumberFilter(search: .digits("4321"))))
                    == Listing([], of: 0))
            #expect(
                try await list(store, NumberQuery(filter: NumberFilter(search: .digits("5555"))))
                    == Listing([1], of: 1))
            try await store.deleteNumber(number.id, if: .always)
            #expect(
                try await list(store, NumberQuery(filter: NumberFilter(search: .digits("5555"))))
                    == Listing([], of: 0))
        }
    }

    @Test(arguments: Backend.allCases)
    func findsNothingWhereThereIsNothing(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await fill(store)
            #expect(
                try await list(store, NumberQuery(filter: NumberFilter(search: .nothing)))
                    == Listing([], of: 0))
            #expect(
                try await list(store, NumberQuery(filter: NumberFilter(search: .digits("999999"))))
                    == Listing([], of: 0))
        }
    }

    @Test(arguments: Backend.allCases)
    func combinesSearchFilterAndSort(backend: Backend) async throws {
        try await backend.withStore { store in
            let numbers = try await fill(store)
            let euro = try Currency("€")
            let query = NumberQuery(
                page: 1, perPage: 5, sort: [SortKey(.value, descending: true)],
                filter: NumberFilter(search: .digits("980"), currency: euro))
            let expected =
                numbers
                .filter { $0.content.value.digits.contains("980") && $0.content.currency == euro }
                .sorted { $0.content.value.formatted > $1.content.value.formatted }
            #expect(!expected.isEmpty)
            #expect(
                try await list(store, query)
                    == Listing(Array(expected.map(\.id).prefix(5)), of: expected.count))
        }
    }
}

extension NumberFilter {
    fileprivate func matches(_ number: DIDNumber) -> Bool {
        let content = number.content
        let isFound =
            switch search {
            case .all: true
            case .digits(let digits): content.value.digits.contains(digits)
            case .nothing: false
            }
        return isFound && content.value.digits.hasPrefix(prefix?.digits ?? "")
            && currency.map { $0 == content.currency } ?? true
            && prices[.monthyPrice].map { $0.contains(content.monthyPrice) } ?? true
            && prices[.setupPrice].map { $0.contains(content.setupPrice) } ?? true
    }
}

/// What a page shows of an order.
private struct Listing: Equatable {
    let ids: [Int64]
    let total: Int

    init(_ ids: [Int64], of total: Int) {
        self.ids = ids
        self.total = total
    }
}

extension SortKey {
    /// Whether `one` comes before `other`; nil where the column is the same.
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
