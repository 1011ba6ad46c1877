/// Which page of a list.
package struct Paging: Equatable, Sendable {
    package static let perPageRange = NumberQuery.perPageRange
    package static let defaultPerPage = NumberQuery.defaultPerPage

    /// The first page is 1.
    package var page: Int
    package var perPage: Int

    package init(page: Int = 1, perPage: Int = defaultPerPage) {
        self.page = page
        self.perPage = perPage
    }

    /// How many elements the pages before this one hold, `Int.max` where that is more.
    package var offset: Int {
        let (product, overflow) = (page - 1).multipliedReportingOverflow(by: perPage)
        return overflow ? .max : product
    }
}

/// One page of a list, and how many elements there are on all pages.
package struct Page<Element: Equatable & Sendable>: Equatable, Sendable {
    package let elements: [Element]
    package let total: Int

    package init(elements: [Element], total: Int) {
        self.elements = elements
        self.total = total
    }
}

/// Where a database finds the elements of a page: after how many others, from which end.
///
/// A page that is nearer to the end than to the start is read from there, since a database steps
/// over each row before it.
package struct PageRange: Equatable, Sendable {
    package let skipped: Int
    /// How many elements the page has, one at least.
    package let limit: Int
    /// Whether the last element of the list comes first.
    package let isFromEnd: Bool
}

extension Paging {
    /// Returns nil where the page is past the last.
    ///
    /// - Parameter total: How many elements there are on all pages.
    package func range(of total: Int) -> PageRange? {
        guard offset < total else { return nil }
        let isFromEnd = offset > total / 2
        let limit = min(perPage, total - offset)
        return PageRange(
            skipped: isFromEnd ? total - offset - limit : offset, limit: limit,
            isFromEnd: isFromEnd)
    }

    /// The page out of `total` elements, with what `read` finds.
    ///
    /// - Parameter read: Returns the elements of a range, in its order.
    package func page<Element>(
        of total: Int, _ read: (PageRange) throws -> [Element]
    ) rethrows -> Page<Element> {
        guard let range = range(of: total) else { return Page(elements: [], total: total) }
        let elements = try read(range)
        return Page(elements: range.isFromEnd ? elements.reversed() : elements, total: total)
    }
}
