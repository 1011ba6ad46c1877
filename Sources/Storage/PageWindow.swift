package import Inventory

/// Which rows of which order a page has.
///
/// A page that is nearer to the end than to the start is read in the opposite order, because a database steps
/// over each row before it.
package struct PageWindow: Equatable, Sendable {
    /// Its last key is unique: the id, or the value.
    package let order: [SortKey]
    /// How many numbers precede the page in this order.
    package let skipped: Int
    /// How many numbers the page has, at least one.
    package let limit: Int
    /// Whether the last number of the page comes first.
    package let isFromEnd: Bool
    /// How many numbers all pages have; `Int.max` if that is not known.
    package let total: Int

    /// Whether it is quicker to step through all numbers in this order than to sort the matching ones.
    ///
    /// - Parameter count: How many numbers there are, matching or not.
    package func isFoundSoonerInOrder(among count: Int) -> Bool {
        // To find and sort a number takes about four times as long as to step over one.
        let (steps, total) = (Double(skipped + limit), Double(total))
        return steps / total * Double(count) < 4 * total
    }
}

extension NumberQuery {
    /// Returns nil if the page is past the last one.
    ///
    /// - Parameter total: How many numbers all pages have.
    package func window(of total: Int) -> PageWindow? {
        guard let range = Paging(page: page, perPage: perPage).range(of: total) else { return nil }
        let order = orderWithoutTies
        return PageWindow(
            order: range.isFromEnd ? order.map(\.reversed) : order, skipped: range.skipped,
            limit: range.limit, isFromEnd: range.isFromEnd, total: total)
    }

    /// The window of all pages together.
    package var wholeWindow: PageWindow {
        PageWindow(order: orderWithoutTies, skipped: 0, limit: .max, isFromEnd: false, total: .max)
    }

    private var orderWithoutTies: [SortKey] {
        guard let last = sort.firstIndex(where: \.column.isUnique) else {
            return sort + [SortKey(.id)]
        }
        // With more keys, a database would not use the index.
        return Array(sort[...last])
    }

    /// The page of `total` numbers.
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
