internal import Foundation
package import Inventory

// The columns of the domain's types, in the order of their `storedValues` and of `init(from:)`.

extension NumberContent.Member {
    /// The last column has the member's name, and numbers are sorted by it.
    package var columns: [StoredColumn] {
        switch self {
        // The digits are unique and searched; the text is shown.
        case .value: [.text("digits"), .text(rawValue)]
        case .monthyPrice, .setupPrice: [.integer(rawValue)]
        case .currency: [.text(rawValue)]
        }
    }
}

extension NumberContent {
    package static let columns = Member.allCases.flatMap(\.columns)

    package var storedValues: [StoredValue] { Member.allCases.flatMap(storedValues(of:)) }

    private func storedValues(of member: Member) -> [StoredValue] {
        switch member {
        case .value: [.text(value.digits), .text(value.formatted)]
        case .monthyPrice: [.integer(monthyPrice.tenThousandths)]
        case .setupPrice: [.integer(setupPrice.tenThousandths)]
        case .currency: [.text(currency.symbol)]
        }
    }

    /// Reads ``columns`` without checking the values again.
    package init(from row: inout some StoredRow) throws {
        self.init(
            value: PhoneNumber(storedDigits: try row.text(), formatted: try row.text()),
            monthyPrice: Price(storedTenThousandths: try row.integer()),
            setupPrice: Price(storedTenThousandths: try row.integer()),
            currency: Currency(storedSymbol: try row.text()))
    }
}

extension DIDNumber {
    package static let columns =
        [StoredColumn.integer("id")] + NumberContent.columns + [.integer("version")]

    package var storedValues: [StoredValue] {
        [.integer(id)] + content.storedValues + [.integer(version)]
    }

    package init(from row: inout some StoredRow) throws {
        self.init(
            id: try row.integer(), content: try NumberContent(from: &row),
            version: try row.integer())
    }
}

extension ChangedNumber {
    /// NULL if the number did not exist before the change. If a migration adds a member to numbers,
    /// the entries of older changes get the default of its column.
    package static let columnsBefore = NumberContent.columns.map { $0.prefixed("before_") }
    package static let columnsAfter = NumberContent.columns.map { $0.prefixed("after_") }

    package static let columns =
        [.integer("number"), .integer("version")] + columnsBefore + columnsAfter

    package var storedValues: [StoredValue] {
        [.integer(id), .integer(version)] + before.storedValues + after.storedValues
    }

    package init(from row: inout some StoredRow) throws {
        self.init(
            id: try row.integer(), version: try row.integer(),
            before: try NumberContent?(from: &row), after: try NumberContent?(from: &row))
    }
}

extension NumberContent? {
    fileprivate var storedValues: [StoredValue] {
        self?.storedValues
            ?? [StoredValue](repeating: .null, count: NumberContent.columns.count)
    }

    fileprivate init(from row: inout some StoredRow) throws {
        guard row.isNull else {
            self = try NumberContent(from: &row)
            return
        }
        row.skip(NumberContent.columns.count)
        self = nil
    }
}

extension ChangeEntry {
    package static let columns =
        [.integer("change"), .integer("standing")] + ChangedNumber.columns

    package var storedValues: [StoredValue] {
        [.integer(change), restoredChangeID.map(StoredValue.integer) ?? .null] + number.storedValues
    }

    package init(from row: inout some StoredRow) throws {
        self.init(
            change: try row.integer(), restoredChangeID: try row.optionalInteger(),
            number: try ChangedNumber(from: &row))
    }
}

extension Change {
    package static let columns: [StoredColumn] = [
        .integer("id"), .integer("at"), .text("username"), .text("kind"), .integer("count"),
        .integer("undoes"), .integer("origin"), .integer("place"),
    ]

    package var storedValues: [StoredValue] {
        [
            .integer(id), .integer(at.wholeMilliseconds), .text(username), .text(kind.rawValue),
            .integer(Int64(count)),
        ] + [undoes, origin, sequence].map { $0.map(StoredValue.integer) ?? .null }
    }

    package init(from row: inout some StoredRow) throws {
        let id = try row.integer()
        let at = Date(wholeMilliseconds: try row.integer())
        let author = Author(username: try row.text(), at: at)
        let name = try row.text()
        guard let kind = Change.Kind(rawValue: name) else { throw UnknownStoredValue(text: name) }
        self.init(
            id: id, author: author, kind: kind, count: Int(try row.integer()),
            undoes: try row.optionalInteger(), origin: try row.optionalInteger(),
            sequence: try row.optionalInteger())
    }
}

extension StoredRequest {
    package static let columns: [StoredColumn] = [
        .text("username"), .text("key"), .text("digest"), .integer("at"), .integer("status"),
        .text("location"), .text("etag"), .integer("change"), .text("body"),
    ]

    package var storedValues: [StoredValue] {
        [
            .text(key.username), .text(key.text), .text(digest), .integer(at.wholeMilliseconds),
            .integer(Int64(response.status)), response.location.map(StoredValue.text) ?? .null,
            response.etag.map(StoredValue.text) ?? .null,
            response.change.map(StoredValue.integer) ?? .null,
            .text(String(decoding: response.body, as: UTF8.self)),
        ]
    }

    package init(from row: inout some StoredRow) throws {
        let username = try row.text()
        self.init(
            key: IdempotencyKey(stored: try row.text(), of: username), digest: try row.text(),
            at: Date(wholeMilliseconds: try row.integer()),
            response: ChangeResponse(
                status: Int(try row.integer()), location: try row.optionalText(),
                etag: try row.optionalText(), change: try row.optionalInteger(),
                body: Array(try row.text().utf8)))
    }
}
