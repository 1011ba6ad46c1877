/// Where a database finds the numbers of a page: in which order, after how many others.
///
/// A page that is nearer to the end than to the start is read from there, in the opposite order,
/// since a database steps over each row before it.
package struct PageWindow: Equatable, Sendable {
    /// Ends with what is unique, so that no two numbers are equal: the id, or the value.
    package let order: [SortKey]
    /// How many numbers come before those of the page, in this order.
    package let skipped: Int
    /// How many numbers the page has, one at least.
    package let limit: Int
    /// Whether the last number of the page comes first.
    package let isFromEnd: Bool
}

extension NumberQuery {
    /// Nil where the page is past the last.
    ///
    /// - Parameter total: How many numbers there are on all pages.
    package func window(of total: Int) -> PageWindow? {
        guard offset < total else { return nil }
        let isFromEnd = offset > total / 2
        let limit = min(perPage, total - offset)
        let order = orderWithoutTies
        return PageWindow(
            order: isFromEnd ? order.map(\.reversed) : order,
            skipped: isFromEnd ? total - offset - limit : offset,
            limit: limit, isFromEnd: isFromEnd)
    }

    /// The window of all pages together.
    package var wholeWindow: PageWindow {
        PageWindow(order: orderWithoutTies, skipped: 0, limit: .max, isFromEnd: false)
    }

    private var orderWithoutTies: [SortKey] {
        guard let last = sort.firstIndex(where: \.column.isUnique) else {
            return sort + [SortKey(.id)]
        }
        // What comes after it would only keep a database from using its index.
        return Array(sort[...last])
    }

    /// The page of numbers out of `total`, with what `read` finds.
    ///
    /// - Parameter read: Returns the numbers of a window, in its order.
    package func page(
        of total: Int, _ read: (PageWindow) throws -> [DIDNumber]
    ) rethrows -> NumberPage {
        guard let window = window(of: total) else { return NumberPage(numbers: [], total: total) }
        let numbers = try read(window)
        return NumberPage(
            numbers: window.isFromEnd ? numbers.reversed() : numbers, total: total)
    }
}
