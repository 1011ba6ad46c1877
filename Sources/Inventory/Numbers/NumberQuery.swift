package struct NumberQuery: Equatable, Sendable {
    package var paging: Paging
    /// The keys by priority, each column at most once.
    package var sort: [SortKey]
    package var filter: NumberFilter

    package init(
        page: Int = 1, perPage: Int = Paging.defaultPerPage, sort: [SortKey] = [],
        filter: NumberFilter = NumberFilter()
    ) {
        paging = Paging(page: page, perPage: perPage)
        self.sort = sort
        self.filter = filter
    }

    /// The order of the list. Its last column is unique, so no two numbers are equal. The id, which
    /// breaks the last ties, has the direction of the last key, so one index serves both directions.
    package var order: [SortKey] {
        guard let last = sort.firstIndex(where: \.column.isUnique) else {
            return sort + [SortKey(.id, descending: sort.last?.isDescending == true)]
        }
        // Columns after a unique one change nothing, but would prevent the use of an index.
        return Array(sort[...last])
    }

    package func order(in range: PageRange) -> [SortKey] {
        range.isFromEnd ? order.map(\.reversed) : order
    }

    /// - Parameter count: The number of all numbers.
    package func isFoundSoonerInOrder(_ range: PageRange, among count: Int) -> Bool {
        range.isFoundSoonerInOrder(
            among: count,
            areTogether: filter.prefix != nil && order[0].column == .member(.value))
    }
}
