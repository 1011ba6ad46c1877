internal import Hummingbird
internal import Inventory
internal import JSON

/// The known parameters of a query in their order, each once; repeated lists are one.
/// Hummingbird's parser keeps undecodable text, and reads `+` as a plus, not as a space.
struct QueryParameters {
    let items: [(name: String, value: String)]

    /// How many parameters are read: as many ids as a list can have, and more than all others, so that
    /// errors list all unknown ones.
    private static let most = 600

    /// The names of lists, which may be repeated, with what separates their items.
    fileprivate static let lists = [
        "id": ",", "ignore": ",", "assign": ",", "skip": ",", "correct": "\n",
    ]

    /// Returns a function that writes this query for the page after `start` elements, with the names
    /// that this query has.
    func pages(of size: Int) -> (_ start: Int) -> String {
        let names = items.map(\.name)
        let isAlias = !names.contains("page") && names.contains { $0.hasPrefix("_") }
        let changing =
            names.contains("_end")
            ? ["_start", "_end"]
            : names.contains("_start") ? ["_start"] : [isAlias ? "_page" : "page"]
        // The text before the value of each changing parameter, and after the last one.
        var pieces: [(text: String, name: String)] = []
        var text = ""
        for (name, value) in items + changing.filter({ !names.contains($0) }).map({ ($0, "") }) {
            if !pieces.isEmpty || !text.isEmpty { text += "&" }
            text += Self.encode(name) + "="
            if changing.contains(name) {
                pieces.append((text, name))
                text = ""
            } else {
                text += Self.encode(value)
            }
        }
        return { [pieces, text] start in
            pieces.reduce(into: "") { query, piece in
                query += piece.text
                switch piece.name {
                case "_start": query += String(start)
                case "_end": query += String(start + size)
                default: query += String(start / size + 1)
                }
            } + text
        }
    }

    fileprivate static func decodeAll(_ query: String) throws -> [(name: String, value: String)] {
        let written = query.split(separator: "&")
        guard written.count <= most else {
            throw Problem(
                .invalidParameter,
                "The query has \(written.count) parameters; at most \(most) are read.")
        }
        return try written.map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (try decode(parts[0]), parts.count == 2 ? try decode(parts[1]) : "")
        }
    }

    // Not with Foundation: it takes microseconds even without escapes, and drops a byte order mark.

    private static func decode(_ text: Substring) throws -> String {
        guard text.utf8.contains(where: { "%+".utf8.contains($0) }) else { return String(text) }
        guard let bytes = decodedBytes(text.utf8),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw Problem(.invalidParameter, "The query is not percent-encoded UTF-8.") }
        return decoded
    }

    private static func decodedBytes(_ text: Substring.UTF8View) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        func digit() -> UInt8? {
            rest.next().flatMap { Character(Unicode.Scalar($0)).hexDigitValue }.map(UInt8.init)
        }
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = digit(), let low = digit() else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func encode(_ text: String) -> String {
        guard !text.utf8.allSatisfy(isUnreserved) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                bytes += ((byte < 16 ? "%0" : "%") + digits).utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the character needs no encoding (RFC 3986 §2.3).
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || "-._~".utf8.contains(byte)
    }
}

extension Request {
    /// Checks that the query is empty; ``Problem`` lists its parameters.
    func refuseParameters() throws {
        _ = try parameters([]) { _ in }
    }

    /// Reads the query; ``Problem`` lists all parameters that are unknown, repeated or invalid.
    ///
    /// - Parameter aliases: Names that are accepted, but that messages do not suggest.
    func parameters<Value>(
        _ known: [String], aliases: [String] = [], _ read: (inout ObjectReader) -> Value
    ) throws -> (QueryParameters, Value) {
        let all = try QueryParameters.decodeAll(uri.query ?? "")
        var names = ObjectReader(members: all.map { ($0.name, .null) })
        names.refuseMembers(otherThan: known, ignoring: aliases, insteadOf: "a parameter here") {
            ForeignParameter.hint($0, among: known + aliases)
        }
        var errors = names.errors
        let accepted = known + aliases
        var items: [(name: String, value: String)] = []
        for item in all where accepted.contains(where: { $0.hasSameBytes(as: item.name) }) {
            if let index = items.firstIndex(where: { $0.name == item.name }) {
                if let separator = QueryParameters.lists[item.name] {
                    items[index].value += separator + item.value
                } else if !errors.contains(where: { $0.field == item.name }) {
                    errors.append(FieldError(field: item.name, detail: "must be given once only"))
                }
            } else {
                items.append(item)
            }
        }
        let meanings = ParameterAliases(items)
        errors += meanings.errors
        var reader = ObjectReader(members: meanings.members)
        let value = read(&reader)
        for error in reader.errors.map(meanings.renamed) where !errors.contains(error) {
            errors.append(error)
        }
        guard errors.isEmpty else { throw Problem.invalidParameters(errors) }
        return (QueryParameters(items: items), value)
    }
}

extension ObjectReader {
    mutating func flag(_ name: String) -> Bool { choice(name, of: Flag.allCases) == .true }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }
}

protocol ListQuery {
    static var parameterNames: [String] { get }
    static var aliases: [String] { get }
    var paging: Paging { get }

    /// Adds its errors to those of `parameters`.
    init(_ parameters: inout ObjectReader)
}

extension ListQuery {
    static var aliases: [String] { [] }
}

extension Paging: ListQuery {
    static let parameterNames = ["page", "perPage"]
    var paging: Paging { self }

    init(_ parameters: inout ObjectReader) {
        let page = parameters.wholeNumber("page", from: 1)
        let perPage = parameters.read("perPage") { text throws(InvalidValue) in
            let range = Paging.perPageRange
            guard text.isOfDigits, let perPage = Int(text), range.contains(perPage) else {
                throw InvalidValue("must be from \(range.lowerBound) to \(range.upperBound)")
            }
            return perPage
        }
        self.init(page: page ?? 1, perPage: perPage ?? Self.defaultPerPage)
        start = parameters.wholeNumber("start", from: 0)
        guard let end = parameters.wholeNumber("end", from: 0) else { return }
        let size = end - (start ?? 0)
        if Self.perPageRange ~= size {
            (start, self.perPage) = (start ?? 0, size)
        } else {
            let most = Self.perPageRange.upperBound
            parameters.note("end", "must be greater than _start by 1 to \(most)")
        }
    }
}

extension ObjectReader {
    fileprivate mutating func wholeNumber(_ name: String, from least: Int) -> Int? {
        read(name) { text throws(InvalidValue) in
            let isZero = text.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
            guard text.isOfDigits, !text.isEmpty, !isZero || least == 0 else {
                throw InvalidValue("must be a whole number from \(least)")
            }
            guard let number = Int(text) else { throw InvalidValue("is too large") }
            return number
        }
    }
}

extension String {
    var isOfDigits: Bool { utf8.allSatisfy(\.isDigit) }
}
