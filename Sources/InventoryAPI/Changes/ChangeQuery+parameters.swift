internal import Foundation
internal import Inventory

extension Paging {
    static let parameterNames = ["page", "perPage"]

    /// - Throws: ``Problem`` of type `invalid-parameter`.
    init(_ parameters: QueryParameters) throws {
        self.init(
            page: try parameters.page ?? 1,
            perPage: try parameters.perPage ?? Self.defaultPerPage)
    }
}

extension ChangeQuery {
    static let parameterNames =
        Paging.parameterNames + ["username", "kind", "numberId", "from", "to"]

    /// Reads the parameters of a list of changes.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter`.
    init(_ parameters: QueryParameters) throws {
        self.init(
            paging: try Paging(parameters), username: parameters["username"],
            kind: try parameters["kind"].map(Self.kind),
            numberID: try parameters["numberId"].map(Self.numberID),
            from: try parameters["from"].map { try Self.time($0, "from") },
            to: try parameters["to"].map { try Self.time($0, "to") })
    }

    private static func kind(_ text: String) throws -> Change.Kind {
        let kinds = Change.Kind.allCases
        guard let kind = kinds.first(where: { text.hasSameBytes(as: $0.rawValue) }) else {
            let names = kinds.map(\.rawValue)
            let hint = text.closest(among: names).map { " Did you mean \($0)?" } ?? ""
            throw Problem.invalidParameter(
                "There is no kind \(text.isEmpty ? "without a name" : text.shortened).\(hint)"
                    + " Kinds: \(names.joined(separator: ", ")).")
        }
        return kind
    }

    private static func numberID(_ text: String) throws -> Int64 {
        guard let id = Int64(positiveID: text) else {
            throw Problem.invalidParameter("numberId must be the id of a number.")
        }
        return id
    }

    /// A time as RFC 3339 writes it, with or without a fraction of a second.
    private static func time(_ text: String, _ name: String) throws -> Date {
        let styles = [
            Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle(),
        ]
        // Foundation reads a time at the beginning of any text.
        let form = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)/
        let isTime = text.utf8.count <= 40 && text.isASCII && text.wholeMatch(of: form) != nil
        let times = isTime ? styles.compactMap { try? $0.parse(text) } : []
        guard let time = times.first else {
            throw Problem.invalidParameter(
                "\(name) must be a time such as 2026-11-24T09:05:03Z (RFC 3339).")
        }
        return time
    }
}

extension Int64 {
    /// Reads an id: a positive integer in plain digits.
    ///
    /// 042 and +42 are numbers to Swift, but the id of nothing.
    init?(positiveID text: String) {
        guard let id = Int64(text), id > 0, String(id) == text else { return nil }
        self = id
    }
}
