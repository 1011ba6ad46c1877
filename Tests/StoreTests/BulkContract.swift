@testable import Inventory
import Storage
import StoreTesting
import Testing

@Suite(.stores) struct BulkContract {
    /// Twenty numbers at 0.01, 0.02 and so on, every second one in €.
    private func filledStore(_ backend: Backend) async throws -> any TransferableStore {
        let store = try await backend.store()
        for index in 1...20 {
            let number = try NumberContent(
                "+55 84 91234-43\(10 + index)",
                monthyPrice: index < 10 ? "0.0\(index)" : "0.\(index)",
                currency: index % 2 == 0 ? "€" : "U$")
            try await store.createNumber(number)
        }
        return store
    }

    /// Changes the monthly prices of all numbers.
    private static func setting(_ price: PriceAdjustment) -> BulkChange {
        BulkChange(.all, .set(Adjustments(prices: [.monthyPrice: price])))
    }

    @Test(arguments: Backend.allCases)
    func changesSelectedNumbers(backend: Backend) async throws {
        let store = try await filledStore(backend)
        let euro = try Currency("€")
        let (times, plus) = (try PriceFactor("1.5"), try PriceDifference("-3.40"))
        let bulk = BulkChange(
            .matching(NumberFilter(currency: euro)),
            .set(
                Adjustments(
                    prices: [.monthyPrice: .times(times), .setupPrice: .plus(plus)],
                    currency: try Currency("R$"))))
        let change = try await store.changeNumbers(bulk, by: .tester)
        #expect(change?.kind == .changeMany)
        #expect(change?.count == 10)
        let number = try await store.number(10)
        #expect(number.version == 2)
        #expect(number.content.monthyPrice.description == "0.15")
        #expect(number.content.setupPrice.description == "0.00")
        #expect(number.content.currency.symbol == "R$")
        #expect(try await store.number(9).version == 1)
        #expect(try await store.count(currency: euro) == 0)
        let changed = try await store.changedNumbers(
            ofChange: try #require(change).id, Paging(perPage: 3))
        #expect(changed.elements.map(\.id) == [2, 4, 6])
        #expect(changed.total == 10)
        try await store.undo(change?.id)
        #expect(try await store.count(currency: euro) == 10)
        #expect(try await store.number(10).content.monthyPrice.description == "0.10")
    }

    @Test(arguments: Backend.allCases)
    func previewCountsPricesThatChange(backend: Backend) async throws {
        let store = try await backend.store()
        // The prices go from 0.03 to 0.99, repeatedly.
        let contents = zip(DemoNumbers(seed: 1).prefix(482), 0...).map { content, index in
            var content = content
            content.monthyPrice = Price(storedTenThousandths: 300 + Int64(index % 97) * 100)
            return content
        }
        _ = try await store.createNumbers(contents, onlyIfEmpty: true)
        for (factor, decimals, changed, unchangedByRounding, change, after) in [
            // Without rounding, every price rises by exactly 10 %.
            ("1.1", 4, 482, 0, 1000...1000, 330...10_890),
            ("1.1", 2, 472, 10, 714...2000, 600...10_900), ("1", 2, 0, 0, nil, nil),
            ("0.5", 4, 482, 0, -5000...(-5000), 150...4950),
        ] as [(String, Int, Int, Int, ClosedRange<Int64>?, ClosedRange<Int64>?)] {
            let times = PriceAdjustment.times(try PriceFactor(factor), decimals: decimals)
            let prices = try await store.preview(Self.setting(times)).prices
            let effect = try #require(prices[.monthyPrice])
            #expect(prices.count == 1)
            #expect(effect.changed == changed)
            #expect(effect.unchangedByRounding == unchangedByRounding)
            #expect(effect.unchangedZero == 0)
            #expect(effect.change == change)
            let range = effect.after.map {
                $0.lowerBound.tenThousandths...$0.upperBound.tenThousandths
            }
            #expect(range == after)
            #expect(
                effect.before?.upperBound == after.map { _ in Price(storedTenThousandths: 9900) })
        }
    }

    @Test(arguments: Backend.allCases)
    func previewCountsZerosApart(backend: Backend) async throws {
        let store = try await backend.store()
        for (index, price) in ["0", "0", "0.04"].enumerated() {
            try await store.createNumber(
                NumberContent("+55 84 91234-431\(index)", monthyPrice: price))
        }
        for (adjustment, changed, zeros) in [
            (PriceAdjustment.times(try PriceFactor("1.5")), 1, 2),
            (.plus(try PriceDifference("0.02")), 3, 0),
        ] {
            let bulk = Self.setting(adjustment)
            let effect = try await store.preview(bulk).prices[.monthyPrice]
            #expect(effect?.changed == changed)
            #expect(effect?.unchangedZero == zeros)
            #expect(effect?.change == 5000...5000)
        }
    }

    @Test(arguments: Backend.allCases)
    func selectsByPricesAndFirstDigits(backend: Backend) async throws {
        let store = try await filledStore(backend)
        let prices = try Price("0.05")...Price("0.12")
        let filter = NumberFilter(
            prefix: try DigitPrefix("+55 84 91234-431"), currency: try Currency("€"),
            prices: [.monthyPrice: prices])
        let change = try await store.changeNumbers(
            BulkChange(.matching(filter), .delete), by: .tester)
        let changed = try await store.changedNumbers(ofChange: try #require(change).id, Paging())
        #expect(changed.elements.map(\.id) == [6, 8])
    }

    @Test(arguments: Backend.allCases)
    func deletesSelectedNumbers(backend: Backend) async throws {
        let store = try await filledStore(backend)
        let before = try await store.listNumbers(NumberQuery())
        let change = try await store.changeNumbers(
            BulkChange(.matching(NumberFilter(search: Search("4312"))), .delete), by: .tester)
        #expect(change?.kind == .deleteMany)
        #expect(change?.count == 1)
        let all = try await store.changeNumbers(BulkChange(.all, .delete), by: .tester)
        #expect(all?.count == 19)
        #expect(try await store.count() == 0)
        try await store.undo(all?.id)
        try await store.undo(change?.id)
        let after = try await store.listNumbers(NumberQuery())
        #expect(after.elements.map(\.id) == before.elements.map(\.id))
        #expect(after.elements.map(\.content) == before.elements.map(\.content))
        #expect(after.elements.allSatisfy { $0.version == 2 })
        #expect(try await store.count(search: "4312") == 1)
    }

    @Test(arguments: Backend.allCases)
    func oneErrorPreventsTheWholeChange(backend: Backend) async throws {
        let store = try await filledStore(backend)
        let bulk = BulkChange(
            .ids([3, 99, 2, 1, 2]),
            .set(Adjustments(prices: [.monthyPrice: .plus(try PriceDifference("-0.02"))])))
        let preview = try await store.preview(bulk)
        #expect(preview.selected == 3)
        #expect(preview.changed == 2)
        #expect(preview.unchanged == 1)
        #expect(
            preview.errors == [
                NumberError(id: 99, error: FieldError(field: nil, detail: "does not exist")),
                NumberError(
                    id: 1, error: FieldError(field: "monthyPrice", detail: "must not be negative")),
            ])
        #expect(preview.errorCount == 2)
        let error = try await #require(throws: InventoryError.self) {
            try await store.changeNumbers(bulk, by: .tester)
        }
        guard case .cannotChange(preview) = error else { throw error }
        #expect(try await store.number(2).version == 1)
        #expect(try await store.changeCount() == 20)
    }

    @Test(arguments: Backend.allCases)
    func changeWithoutEffectIsNotRecorded(backend: Backend) async throws {
        let store = try await filledStore(backend)
        let bulk = BulkChange(
            .all, .set(Adjustments(prices: [.setupPrice: .to(try Price("3.40"))])))
        let preview = try await store.preview(bulk)
        #expect(preview.unchanged == 20)
        // The outcome has the preview computed in the same transaction.
        #expect(
            try await store.changeNumbers(bulk, by: .tester) { $0 == preview.tag }
                == .unchanged(preview))
        #expect(try await store.changeCount() == 20)
    }

    @Test(arguments: Backend.allCases)
    func emptySelectionIsRefused(backend: Backend) async throws {
        let store = try await filledStore(backend)
        for selection in [
            .ids([]), .matching(NumberFilter(search: .digits("999"))),
            .matching(NumberFilter(search: .nothing)),
        ] as [Selection] {
            for action in [BulkChange.Action.delete, .set(Adjustments())] {
                let bulk = BulkChange(selection, action)
                for attempt in [
                    { _ = try await store.preview(bulk) },
                    { _ = try await store.changeNumbers(bulk, by: .tester) },
                ] as [() async throws -> Void] {
                    let error = try await #require(throws: InventoryError.self) {
                        try await attempt()
                    }
                    guard case .invalid(let errors) = error else { throw error }
                    let detail = "must select one number at least"
                    #expect(errors == [FieldError(field: "select", detail: detail)])
                }
            }
        }
        #expect(try await store.count() == 20)
    }

    @Test(arguments: Backend.allCases)
    func outdatedPreviewIsRefused(backend: Backend) async throws {
        let store = try await filledStore(backend)
        let bulk = Self.setting(.times(try PriceFactor("2")))
        let preview = try await store.preview(bulk)
        #expect(preview.tag.count == 64)
        #expect(try await store.preview(bulk) == preview)
        #expect(preview.shown.map(\.id) == Array(1...20))
        #expect(preview.shown.first?.after?.monthyPrice.description == "0.02")
        let other = Self.setting(.times(try PriceFactor("3")))
        #expect(try await store.preview(other).tag != preview.tag)

        let price = try Price("9")
        _ = try await store.updateNumber(20, if: .always) { $0.setupPrice = price }
        let error = try await #require(throws: InventoryError.self) {
            try await store.changeNumbers(bulk, by: .tester) { $0 == preview.tag }
        }
        guard case .previewOutdated(let current) = error else { throw error }
        #expect(current.tag != preview.tag)
        #expect(try await store.number(1).version == 1)
        let change = try await store.changeNumbers(bulk, by: .tester) { $0 == current.tag }.change
        #expect(change?.count == 20)
        #expect(try await store.number(1).content == current.shown.first?.after)
    }
}

extension ChangeStore {
    func changeNumbers(_ bulk: BulkChange, by author: Author) async throws -> Change? {
        try await changeNumbers(bulk, by: author) { _ in true }.change
    }
}

extension BulkOutcome {
    /// Nil if nothing changed.
    var change: Change? { if case .changed(let change) = self { change } else { nil } }
}
