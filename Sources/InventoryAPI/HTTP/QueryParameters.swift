internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// The parameters of a request's query in their order, and their errors.
///
/// Hummingbird's parser keeps undecodable text, and reads `+` as a plus, not as a space.
struct QueryParameters {
    /// The known parameters, each once.
    private(set) var items: [(name: String, value: String)] = []
    private var reader = ObjectReader(members: [])
    /// The errors of the names.
    private var errors: [FieldError]

    /// The most parameters: more than any route has, so that all errors are listed.
    private static let most = 64

    /// - Throws: ``Problem`` of type `invalid-parameter` if there are too many, or the query is not
    ///   percent-encoded UTF-8.
    fileprivate init(of request: Request, known: [String]) throws {
        let written = (request.uri.query ?? "").split(separator: "&")
        guard written.count <= Self.most else {
            throw Problem.invalidParameter(
                "The query has \(written.count) parameters; at most \(Self.most) are read.")
        }
        let all = try written.map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                name: try Self.decode(parts[0]),
                value: parts.count == 2 ? try Self.decode(parts[1]) : ""
            )
        }
        var checker = ObjectReader(all)
        checker.refuseMembers(otherThan: known, insteadOf: "a parameter here")
        errors = checker.errors
        for item in all where known.contains(where: { $0.hasSameBytes(as: item.name) }) {
            if !items.contains(where: { $0.name == item.name }) {
                items.append(item)
            } else if !errors.contains(where: { $0.field == item.name }) {
                errors.append(FieldError(field: item.name, detail: "must be given once only"))
            }
        }
        reader = ObjectReader(items)
    }

    /// The value of a parameter; nil if it is absent or invalid, which is noted.
    mutating func read<Value>(
        _ name: String, _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        reader.read(name, read)
    }

    /// Reads the parameters that are not blank: an empty field of a form sends a blank one.
    mutating func readFilled<Value>(_ read: (inout ObjectReader) -> Value) -> Value {
        var filled = ObjectReader(items.filter { !$0.value.trimmingBlanks().isEmpty })
        defer { for error in filled.errors { reader.note(error.field, error.detail) } }
        return read(&filled)
    }

    /// - Parameter detail: What follows the parameter's name in a message.
    mutating func note(_ name: String, _ detail: String) {
        reader.note(name, detail)
    }

    /// The value of a parameter; nil if it is absent, or none of `choices`, which is noted.
    mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, of choices: [Choice]
    ) -> Choice? {
        reader.choice(name, of: choices)
    }

    /// Whether a parameter is `true`, and not `false` or absent.
    mutating func flag(_ name: String) -> Bool { choice(name, of: Flag.allCases) == .true }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }

    /// - Throws: ``Problem`` of type `invalid-parameter` with all errors.
    fileprivate func check() throws {
        let errors = errors + reader.errors
        guard errors.isEmpty else { throw Problem.invalidParameters(errors) }
    }

    /// The query before and after the value of `name`, which keeps its place, or is added at the end.
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

    // Byte by byte: Foundation takes microseconds for texts without escapes, and drops a byte order mark.

    private static func decode(_ text: Substring) throws -> String {
        guard let bytes = decodedBytes(text.utf8),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw Problem.invalidParameter("The query is not percent-encoded UTF-8.") }
        return decoded
    }

    /// Returns nil if two hexadecimal digits do not follow a percent sign.
    private static func decodedBytes(_ text: Substring.UTF8View) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit)
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            // RFC 3986 §2.3.
            if byte.isLetterOrDigit || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Request {
    /// Reads the parameters of the query.
    ///
    /// - Parameter known: The names of all parameters.
    /// - Throws: ``Problem`` of type `invalid-parameter` with all that are unknown, repeated or invalid.
    func parameters<Value>(
        _ known: [String], _ read: (inout QueryParameters) -> Value
    ) throws -> (QueryParameters, Value) {
        var parameters = try QueryParameters(of: self, known: known)
        let value = read(&parameters)
        try parameters.check()
        return (parameters, value)
    }
}

extension ObjectReader {
    fileprivate init(_ parameters: [(name: String, value: String)]) {
        self.init(members: parameters.map { ($0.name, .string($0.value)) })
    }
}

extension Paging {
    static let parameterNames = ["page", "perPage"]

    init(_ parameters: inout QueryParameters) {
        let page = parameters.read("page") { text throws(InvalidValue) in
            guard !text.isEmpty, text.isOfDigits else {
                throw InvalidValue("must be a whole number from 1")
            }
            guard let page = Int(text) else { throw InvalidValue("is too large") }
            guard page >= 1 else { throw InvalidValue("must be a whole number from 1") }
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
    fileprivate var isOfDigits: Bool { utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
