internal import Foundation
internal import Inventory
internal import JSON

extension Change {
    var json: JSONValue {
        .object(members + (number.map { [("number", $0.json)] } ?? []))
    }

    fileprivate var members: JSONMembers {
        // RFC 3339 in UTC and milliseconds, such as 2026-11-24T09:05:03.042Z.
        let time = at.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var members: JSONMembers = [
            ("id", .number(id)), ("at", .string(time)), ("username", .string(username)),
            ("kind", .string(kind.rawValue)), ("count", .number(count)),
        ]
        if let undoneBy { members.append(("undoneBy", .number(undoneBy))) }
        if let undoes { members.append(("undoes", .number(undoes))) }
        return members
    }
}

extension HistoryEntry {
    var json: JSONValue { .object(change.members + number.contents) }
}

extension ChangedNumber {
    var json: JSONValue { .object([("id", .number(id))] + contents) }

    fileprivate var contents: JSONMembers {
        [("before", before?.json ?? .null), ("after", after?.json ?? .null)]
    }
}

extension NumberContent {
    var json: JSONValue {
        .object(Member.allCases.map { ($0.rawValue, .string(text(of: $0))) })
    }
}

extension BulkPreview {
    var json: JSONValue {
        .object([
            ("selected", .number(selected)), ("changed", .number(changed)),
            ("unchanged", .number(unchanged)), ("prices", .object(priceMembers)),
            ("errorCount", .number(errorCount)), ("errors", .array(errors.map(\.json))),
            ("numbers", .array(shown.map(\.json))),
        ])
    }

    private var priceMembers: JSONMembers {
        NumberContent.Member.prices.compactMap { member in
            prices[member].map { (member.rawValue, $0.json) }
        }
    }
}

extension PriceEffect {
    fileprivate var json: JSONValue {
        .object([
            ("changed", .number(changed)), ("unchangedByRounding", .number(unchangedByRounding)),
            ("unchangedZero", .number(unchangedZero)),
            ("smallestPercent", Self.percent(change?.lowerBound)),
            ("largestPercent", Self.percent(change?.upperBound)),
            ("lowestBefore", Self.price(before?.lowerBound)),
            ("highestBefore", Self.price(before?.upperBound)),
            ("lowestAfter", Self.price(after?.lowerBound)),
            ("highestAfter", Self.price(after?.upperBound)),
        ])
    }

    private static func price(_ price: Price?) -> JSONValue {
        price.map { .string($0.description) } ?? .null
    }

    /// - Parameter hundredths: A percentage times 100.
    private static func percent(_ hundredths: Int64?) -> JSONValue {
        guard let hundredths else { return .null }
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        return .string("\(hundredths < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)")
    }
}

extension NumberError {
    var json: JSONValue {
        error.json(("id", .number(id)), ("pointer", .string(error.pointer)))
    }
}

extension UndoConflict {
    /// The number with its later change, or with the other number that now has its phone number.
    var json: JSONValue {
        switch self {
        case .moved(let id, let change, let members):
            .object([
                ("id", .number(id)), ("change", change.map { .number($0) } ?? .null),
                ("members", .array(members.map { .string($0.rawValue) })),
            ])
        case .taken(let id, let number):
            .object([("id", .number(id)), ("takenBy", .number(number))])
        }
    }
}
