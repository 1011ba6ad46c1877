import Inventory
import Storage
import Testing

@Suite struct NumberQueryTests {
    @Test func neverOverflows() {
        #expect(NumberQuery(page: .max, perPage: 1000).offset == .max)
        #expect(NumberQuery(page: 3, perPage: 25).offset == 50)
    }

    private static let numbers = (1...105).map { id in
        DIDNumber(
            id: id,
            content: NumberContent(
                value: PhoneNumber(storedDigits: "", formatted: ""),
                monthyPrice: Price(storedTenThousandths: 0),
                setupPrice: Price(storedTenThousandths: 0),
                currency: Currency(storedSymbol: "U$")))
    }

    /// What a database makes of a window of numbers that are sorted by id.
    private func read(_ window: PageWindow) -> [DIDNumber] {
        let inOrder = window.isFromEnd ? Self.numbers.reversed() : Self.numbers
        return Array(inOrder.dropFirst(window.skipped).prefix(window.limit))
    }

    @Test(arguments: [1, 7, 25, 104, 105, 106])
    func allPagesAreTheWholeAndNoneIsFar(perPage: Int) {
        var ids: [Int64] = []
        for page in 1...(105 + perPage - 1) / perPage {
            let query = NumberQuery(page: page, perPage: perPage)
            let answer = query.page(of: 105) { window in
                #expect(window.skipped <= 53)
                return read(window)
            }
            #expect(answer.total == 105)
            ids += answer.numbers.map(\.id)
        }
        #expect(ids == Self.numbers.map(\.id))
    }

    @Test func pastTheLastPageNothingIsRead() {
        for (page, total) in [(1, 0), (2, 25), (6, 105), (.max, 105)] {
            #expect(NumberQuery(page: page).window(of: total) == nil)
        }
    }

    @Test func aPageIsFoundInOrderWhereThatIsLessWork() throws {
        let query = NumberQuery(perPage: 10)
        // All match: nothing is stepped over in vain.
        #expect(try #require(query.window(of: 1000)).isFoundSoonerInOrder(among: 1000))
        // One of a hundred matches: ten of them are far, and a few hundred are sorted soon.
        #expect(try #require(query.window(of: 10)).isFoundSoonerInOrder(among: 1000) == false)
        let far = NumberQuery(page: 50, perPage: 10)
        #expect(try #require(far.window(of: 1000)).isFoundSoonerInOrder(among: 100_000) == false)
    }

    @Test func theIDBreaksTheLastTies() throws {
        let query = NumberQuery(sort: [SortKey(.currency, descending: true)])
        let start = try #require(query.window(of: 105))
        #expect(start.order == [SortKey(.currency, descending: true), SortKey(.id)])
        let end = try #require(NumberQuery(page: 5, sort: query.sort).window(of: 105))
        #expect(end.isFromEnd)
        #expect(end.order == [SortKey(.currency), SortKey(.id, descending: true)])
        let byID = NumberQuery(sort: [SortKey(.id, descending: true)])
        #expect(byID.window(of: 1)?.order == byID.sort)
    }

    @Test func nothingDecidesAfterWhatIsUnique() {
        for key in [SortKey(.value, descending: true), SortKey(.id)] {
            let query = NumberQuery(sort: [SortKey(.currency), key, SortKey(.monthyPrice)])
            #expect(query.window(of: 105)?.order == [SortKey(.currency), key])
        }
    }
}
