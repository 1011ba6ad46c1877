internal import Hummingbird
internal import Inventory
internal import JSON

/// The known parameters of a query in their order, each once. Hummingbird's parser keeps
/// undecodable text, and reads `+` as a plus, not as a space.
struct QueryParameters {
    let items: [(name: String, value: String)]

    /// How many parameters are read: more than any route has, so that errors list all unknown ones.
    private static let most = 64

    /// The text of the query before and after the value of `name`, to insert another value. If the
    /// query lacks `name`, it is added at the end.
    func around(_ name: String) -> (before: String, after: String) {
        let place = items.firstIndex { $0.name == name } ?? items.endIndex
        func written(_ items: ArraySlice<(name: String, value: String)>) -> [String] {
            items.map { Self.encode($0.name) + "=" + Self.encode($0.value) }
        }
        return (
            written(items[..<place]).map { $0 + "&" }.joined() + Self.encode(name) + "=",
            written(items.dropFirst(place + 1)).map { "&" + $0 }.joined()
        )
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
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            // These characters need no encoding (RFC 3986 §2.3).
            if byte.isLetterOrDigit || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                bytes += ((byte < 16 ? "%0" : "%") + digits).utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Request {
    /// Reads the query; ``Problem`` lists all parameters that are unknown, repeated or invalid.
    func parameters<Value>(
        _ known: [String], _ read: (inout ObjectReader) -> Value
    ) throws -> (QueryParameters, Value) {
        let all = try QueryParameters.decodeAll(uri.query ?? "")
        var names = ObjectReader(all)
        names.refuseMembers(otherThan: known, insteadOf: "a parameter here")
        var errors = names.errors
        var items: [(name: String, value: String)] = []
        for item in all where known.contains(where: { $0.hasSameBytes(as: item.name) }) {
            if !items.contains(where: { $0.name == item.name }) {
                items.append(item)
            } else if !errors.contains(where: { $0.field == item.name }) {
                errors.append(FieldError(field: item.name, detail: "must be given once only"))
            }
        }
        var reader = ObjectReader(items)
        let value = read(&reader)
        errors += reader.errors
        guard errors.isEmpty else { throw Problem.invalidParameters(errors) }
        return (QueryParameters(items: items), value)
    }
}

extension ObjectReader {
    fileprivate init(_ parameters: [(name: String, value: String)]) {
        self.init(members: parameters.map { ($0.name, .string($0.value)) })
    }

    mutating func flag(_ name: String) -> Bool { choice(name, of: Flag.allCases) == .true }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }
}

protocol ListQuery {
    static var parameterNames: [String] { get }
    var paging: Paging { get }

    /// Adds its errors to those of `parameters`.
    init(_ parameters: inout ObjectReader)
}

extension Paging: ListQuery {
    static let parameterNames = ["page", "perPage"]
    var paging: Paging { self }

    init(_ parameters: inout ObjectReader) {
        let page = parameters.read("page") { text throws(InvalidValue) in
            guard text.isOfDigits, text.utf8.contains(where: { $0 != UInt8(ascii: "0") }) else {
                throw InvalidValue("must be a whole number from 1")
            }
            guard let page = Int(text) else { throw InvalidValue("is too large") }
            return page
        }
        let perPage = parameters.read("perPage") { text throws(InvalidValue) in
            let range = Paging.perPageRange
            guard text.isOfDigits, let perPage = Int(text), range.contains(perPage) else {
                throw InvalidValue("must be from \(range.lowerBound) to \(range.upperBound)")
            }
            return perPage
        }
        self.init(page: page ?? 1, perPage: perPage ?? Self.defaultPerPage)
    }
}

extension String {
    fileprivate var isOfDigits: Bool { utf8.allSatisfy(\.isDigit) }
}
