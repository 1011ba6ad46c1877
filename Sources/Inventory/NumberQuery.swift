/// Which numbers of the inventory, in which order, and which page of them.
package struct NumberQuery: Equatable, Sendable {
    package static let perPageRange = 1...1000
    package static let defaultPerPage = 25

    /// From 1.
    package var page: Int
    package var perPage: Int
    /// The first decides, the next break its ties, the id breaks the last ones.
    ///
    /// No column twice.
    package var sort: [SortKey]
    package var search: Search
    package var currency: Currency?

    package init(
        page: Int = 1, perPage: Int = defaultPerPage, sort: [SortKey] = [], search: Search = .all,
        currency: Currency? = nil
    ) {
        self.page = page
        self.perPage = perPage
        self.sort = sort
        self.search = search
        self.currency = currency
    }

    /// How many numbers the pages before this one hold, `Int.max` where that is more.
    package var offset: Int {
        let (product, overflow) = (page - 1).multipliedReportingOverflow(by: perPage)
        return overflow ? .max : product
    }
}

/// A column that numbers are ordered by.
package struct SortKey: Equatable, Sendable {
    package enum Column: String, CaseIterable, Sendable {
        case id, value, monthyPrice, setupPrice, currency
    }

    package let column: Column
    package let isDescending: Bool

    package init(_ column: Column, descending: Bool = false) {
        self.column = column
        isDescending = descending
    }
}

/// What to look for in the digits of a number.
package enum Search: Equatable, Sendable {
    case all
    /// These digits, one after the other, anywhere.
    case digits(String)
    /// What stands in no number.
    case nothing

    /// The most bytes that are looked at: no number takes as many, however it is formatted.
    private static let mostBytes = 256

    /// Reads what a person typed: formatting is ignored, and what is neither that nor a digit is in
    /// no number.
    package init(_ text: String) {
        guard text.utf8.count <= Self.mostBytes else {
            self = .nothing
            return
        }
        let digits = text.filter { ("0"..."9").contains($0) }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "0"..."9", "+", "-", ".", "(", ")": true
            default: scalar.properties.isWhitespace || scalar.properties.isDash
            }
        }
        if !isPlain || digits.count > 15 {
            self = .nothing
        } else {
            self = digits.isEmpty ? .all : .digits(digits)
        }
    }
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
