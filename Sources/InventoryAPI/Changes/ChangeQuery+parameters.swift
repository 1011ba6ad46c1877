internal import Foundation
internal import Inventory

extension ChangeQuery {
    static let parameterNames =
        Paging.parameterNames + ["username", "kind", "numberId", "from", "to"]

    /// Reads the parameters of a list of changes.
    init(_ parameters: inout QueryParameters) {
        self.init(
            paging: Paging(&parameters),
            username: parameters.read("username") { text throws(InvalidValue) in text },
            kind: parameters.read("kind", Self.kind),
            numberID: parameters.read("numberId", Self.numberID),
            from: parameters.read("from", Self.time), to: parameters.read("to", Self.time))
    }

    private static func kind(_ text: String) throws(InvalidValue) -> Change.Kind {
        let kinds = Change.Kind.allCases
        guard let kind = kinds.first(where: { text.hasSameBytes(as: $0.rawValue) }) else {
            throw InvalidValue(unknown: text, among: kinds.map(\.rawValue), called: "Kinds")
        }
        return kind
    }

    private static func numberID(_ text: String) throws(InvalidValue) -> Int64 {
        guard let id = Int64(positiveID: text) else {
            throw InvalidValue("must be the id of a number")
        }
        return id
    }

    /// A time as RFC 3339 writes it, with or without a fraction of a second.
    private static func time(_ text: String) throws(InvalidValue) -> Date {
        let styles = [
            Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle(),
        ]
        // Foundation reads a time at the beginning of any text.
        let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)/
        let isTime = text.utf8.count <= 40 && text.isASCII && text.wholeMatch(of: form) != nil
        let times = isTime ? styles.compactMap { try? $0.parse(text) } : []
        guard let time = times.first else {
            throw InvalidValue("must be a time such as 2026-11-24T09:05:03Z (RFC 3339)")
        }
        return time
    }
}
