package struct Paging: Equatable, Sendable {
    package static let perPageRange = 1...1000
    package static let defaultPerPage = 25

    /// The first page is 1.
    package var page: Int
    package var perPage: Int
    /// The number of elements before this page, if they are not whole pages.
    package var start: Int?

    package init(page: Int = 1, perPage: Int = defaultPerPage) {
        self.page = page
        self.perPage = perPage
    }

    /// The number of elements before this page, at most `Int.max`.
    package var offset: Int {
        if let start { return start }
        let (product, overflow) = (page - 1).multipliedReportingOverflow(by: perPage)
        return overflow ? .max : product
    }

    /// The rows of this page; nil if the page is past the last one.
    package func range(of total: Int) -> PageRange? {
        guard offset < total else { return nil }
        let isFromEnd = offset > total / 2
        let limit = min(perPage, total - offset)
        return PageRange(
            skipped: isFromEnd ? total - offset - limit : offset, limit: limit,
            isFromEnd: isFromEnd, total: total)
    }

    /// - Parameter read: Returns the elements of a range, in the order of the range.
    package func page<Element>(
        of total: Int, _ read: (PageRange) throws -> [Element]
    ) rethrows -> Page<Element> {
        guard let range = range(of: total) else { return Page(elements: [], total: total) }
        let elements = try read(range)
        return Page(elements: range.isFromEnd ? elements.reversed() : elements, total: total)
    }
}

/// One page of a list, and the number of elements on all pages.
package struct Page<Element: Equatable & Sendable>: Equatable, Sendable {
    package let elements: [Element]
    package let total: Int

    package init(elements: [Element], total: Int) {
        self.elements = elements
        self.total = total
    }
}

/// The rows of a page in a query's result. A database must step over each row before the page, so a
/// page in the second half of a list is read from the end, in the opposite order.
package struct PageRange: Equatable, Sendable {
    /// The number of elements before the page, in the order in which they are read.
    package let skipped: Int
    /// The number of elements on the page, at least one.
    package let limit: Int
    /// Whether the last element of the list comes first.
    package let isFromEnd: Bool
    /// The number of elements on all pages; `Int.max` if it is not known.
    package let total: Int

    package static let whole = PageRange(skipped: 0, limit: .max, isFromEnd: false, total: .max)

    /// Whether a scan in the list's order finds the page sooner than sorting all matches does.
    ///
    /// - Parameter count: The number of rows, including those that do not match.
    /// - Parameter areTogether: Whether the matches follow each other in the order.
    package func isFoundSoonerInOrder(among count: Int, areTogether: Bool = false) -> Bool {
        let (matches, all) = (Double(total), Double(count))
        let steps = Double(skipped + limit) / matches * all
        // Finding and sorting a match takes about as long as eight steps of a scan. Matches may
        // come late in the order, so a scan may have many more steps than if they were spread
        // evenly, but at most one for each row.
        return min(all / 8, areTogether ? all : 100 * steps) < matches
    }
}
