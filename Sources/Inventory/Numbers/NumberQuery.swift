/// Which numbers of the inventory, in which order, and which page of them.
package struct NumberQuery: Equatable, Sendable {
    package static let perPageRange = 1...1000
    package static let defaultPerPage = 25

    /// The first page is 1.
    package var page: Int
    package var perPage: Int
    /// The first key decides, the next break its ties, the id breaks the last ones.
    ///
    /// No column is there twice.
    package var sort: [SortKey]
    package var filter: NumberFilter

    package init(
        page: Int = 1, perPage: Int = defaultPerPage, sort: [SortKey] = [],
        filter: NumberFilter = NumberFilter()
    ) {
        self.page = page
        self.perPage = perPage
        self.sort = sort
        self.filter = filter
    }

    /// How many numbers the pages before this one hold, `Int.max` where that is more.
    package var offset: Int { Paging(page: page, perPage: perPage).offset }
}

/// One page of numbers and how many there are on all pages.
package struct NumberPage: Equatable, Sendable {
    package let numbers: [DIDNumber]
    package let total: Int

    package init(numbers: [DIDNumber], total: Int) {
        self.numbers = numbers
        self.total = total
    }
}
