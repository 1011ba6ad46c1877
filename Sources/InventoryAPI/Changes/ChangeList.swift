internal import Foundation
internal import Inventory

/// The parameters of a list of changes.
extension ChangeQuery: ListQuery {
    static let parameterNames =
        Paging.parameterNames + ["username", "kind", "number", "numberId", "from", "to"]

    init(_ parameters: inout ObjectReader) {
        self.init(
            paging: Paging(&parameters), kinds: parameters.read("kind", Self.kinds) ?? [],
            numberID: parameters.read("numberId", Self.numberID))
        (username, number, from, to) = parameters.withoutBlanks { filled in
            (
                // Names of users have no capital letters.
                filled.read("username") { $0.trimmingBlanks().lowercased() },
                filled.read("number", DigitSuffix.init(_:)) ?? nil,
                filled.read("from") { text throws(InvalidValue) in try Self.time(text) },
                filled.read("to") { text throws(InvalidValue) in
                    try Self.time(text, isEnd: true)
                }
            )
        }
        if let from, let to, from >= to { parameters.note("from", "must be before to") }
    }

    private static func kinds(_ text: String) throws(InvalidValue) -> [Change.Kind] {
        let kinds = Change.Kind.allCases
        var found: [Change.Kind] = []
        for name in text.utf8.split(
            separator: UInt8(ascii: ","), maxSplits: kinds.count, omittingEmptySubsequences: false)
        {
            guard let kind = kinds.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else {
                throw InvalidValue(
                    unknown: String(Substring(name)), among: kinds.map(\.rawValue), called: "Kinds")
            }
            if !found.contains(kind) { found.append(kind) }
        }
        return found
    }

    private static func numberID(_ text: String) throws(InvalidValue) -> Int64 {
        guard let id = Int64(positiveID: text) else {
            throw InvalidValue("must be the id of a number")
        }
        return id
    }

    /// Reads a time, or the start of a day in UTC, or the end of one.
    private static func time(_ text: String, isEnd: Bool = false) throws(InvalidValue) -> Date {
        let error = InvalidValue(
            "must be a date such as 2026-11-24, or a time such as 2026-11-24T09:05:03Z (RFC 3339)")
        // Check the form first, because Foundation accepts any text that begins with a time.
        guard text.utf8.count <= 40, text.isASCII else { throw error }
        if text.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil {
            let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
            // Foundation reads February 30 as March 2.
            guard let day = try? style.parse(text), style.format(day) == text else { throw error }
            return isEnd ? day.addingTimeInterval(24 * 60 * 60) : day
        }
        if text.contains("T"), text.contains(" ") {
            throw InvalidValue("has a blank: write a + in an address as %2B")
        }
        let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)/
        let isTime = text.wholeMatch(of: form) != nil
        let styles = [
            Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle(),
        ]
        let times = isTime ? styles.compactMap { try? $0.parse(text) } : []
        guard let time = times.first else { throw error }
        return time
    }
}
