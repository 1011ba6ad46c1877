package import Inventory

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
    /// How many numbers there are on all pages; `Int.max` where that is not known.
    package let total: Int

    /// Whether the page is found sooner by stepping through numbers in its order, those that do not
    /// match among them, than by finding all that match and sorting them.
    ///
    /// - Parameter count: How many numbers there are, whether they match or not.
    package func isFoundSoonerInOrder(among count: Int) -> Bool {
        // Finding and sorting a number takes some four times as long as stepping over one.
        let (steps, total) = (Double(skipped + limit), Double(total))
        return steps / total * Double(count) < 4 * total
    }
}

extension NumberQuery {
    /// Returns nil where the page is past the last.
    ///
    /// - Parameter total: How many numbers there are on all pages.
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
