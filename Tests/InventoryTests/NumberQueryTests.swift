import Inventory
import Testing

@Suite struct PagingTests {
    @Test func offsetDoesNotOverflow() {
        #expect(Paging(page: .max, perPage: 1000).offset == .max)
        #expect(Paging(page: 3, perPage: 25).offset == 50)
    }

    @Test(arguments: [1, 7, 25, 104, 105, 106])
    func pagesAreReadFromTheNearerEnd(perPage: Int) {
        let list = Array(1...105)
        var elements: [Int] = []
        for page in 1...(105 + perPage - 1) / perPage {
            let page = Paging(page: page, perPage: perPage).page(of: 105) { range in
                #expect(range.skipped <= 53)
                let inOrder = range.isFromEnd ? list.reversed() : list
                return Array(inOrder.dropFirst(range.skipped).prefix(range.limit))
            }
            #expect(page.total == 105)
            elements += page.elements
        }
        #expect(elements == list)
    }

    @Test func pageBeginsAnywhere() {
        let list = Array(1...105)
        for (start, expected) in [(0, 1...20), (5, 6...25), (60, 61...80), (99, 100...105)] {
            var paging = Paging(perPage: 20)
            paging.start = start
            let page = paging.page(of: 105) { range in
                let inOrder = range.isFromEnd ? list.reversed() : list
                return Array(inOrder.dropFirst(range.skipped).prefix(range.limit))
            }
            #expect(page.elements == Array(expected))
            #expect(paging.range(of: start) == nil)
        }
    }

    @Test(arguments: [(1, 0), (2, 25), (6, 105), (.max, 105)])
    func pagePastTheLastHasNoRange(page: Int, total: Int) {
        #expect(Paging(page: page).range(of: total) == nil)
    }

    @Test func scanInOrderIsChosenIfItIsLessWork() throws {
        let first = Paging(perPage: 10)
        // All numbers match: a scan wastes no step.
        #expect(try #require(first.range(of: 1000)).isFoundSoonerInOrder(among: 1000))
        // One number in a hundred matches, so a scan is long, and sorting the few matches is quick.
        #expect(try #require(first.range(of: 10)).isFoundSoonerInOrder(among: 1000) == false)
        let far = Paging(page: 50, perPage: 10)
        #expect(try #require(far.range(of: 1000)).isFoundSoonerInOrder(among: 100_000) == false)
        // The first of few matches may come late in the order.
        for (total, isFound) in [(20_000, false), (40_000, true)] {
            let range = try #require(first.range(of: total))
            #expect(range.isFoundSoonerInOrder(among: 1_000_000) == isFound)
            let prefix = NumberFilter(prefix: try DigitPrefix("5584"))
            for (column, isSpread) in [(SortKey.Column.id, true), (.member(.value), false)] {
                let query = NumberQuery(sort: [SortKey(column)], filter: prefix)
                let isInOrder = query.isFoundSoonerInOrder(range, among: 1_000_000)
                #expect(isInOrder == (isFound && isSpread))
            }
        }
    }
}

@Suite struct NumberQueryTests {
    @Test(arguments: ["value:desc", #"["value","ASC"]"#, "value desc", "value,desc", "value_DESC"])
    func sortOfAnotherAPIIsAnErrorWithTheRightForm(text: String) throws {
        let error = try #require(throws: InvalidValue.self) { try SortKey.list(text) }
        #expect(
            error.reason == "must have the form sort=value, or sort=-value for descending order")
    }

    @Test func idBreaksTheLastTiesInTheSameDirection() throws {
        let query = NumberQuery(page: 5, sort: [SortKey(.member(.currency), descending: true)])
        #expect(query.order == [.member(.currency), .id].map { SortKey($0, descending: true) })
        let range = try #require(query.paging.range(of: 105))
        #expect(query.order(in: range) == [SortKey(.member(.currency)), SortKey(.id)])
        let byID = [SortKey(.id, descending: true)]
        #expect(NumberQuery(sort: byID).order == byID)
    }

    @Test(arguments: [SortKey(.member(.value), descending: true), SortKey(.id)])
    func keysAfterAUniqueColumnAreIgnored(key: SortKey) {
        let query = NumberQuery(sort: [
            SortKey(.member(.currency)), key, SortKey(.member(.monthyPrice)),
        ])
        #expect(query.order == [SortKey(.member(.currency)), key])
    }
}
