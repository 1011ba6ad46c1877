internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// The parameters of a request's query, in their order, and what is wrong with them.
///
/// Those of Hummingbird leave a text that cannot be decoded as it is, and take `+` for a plus and not
/// for a blank.
struct QueryParameters {
    /// Those that are known, each once.
    private(set) var items: [(name: String, value: String)]
    private var reader: ObjectReader
    /// What is wrong with the names.
    private var errors: [FieldError]

    /// How many a query may have: more than there are to give anywhere, so that those who make
    /// mistakes are told of all of them.
    private static let most = 64

    /// - Throws: ``Problem`` of type `invalid-parameter` where they are too many, or the query is not
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
        items = []
        for item in all where known.contains(where: { $0.hasSameBytes(as: item.name) }) {
            if !items.contains(where: { $0.name == item.name }) {
                items.append(item)
            } else if !errors.contains(where: { $0.field == item.name }) {
                errors.append(FieldError(field: item.name, detail: "must be given once only"))
            }
        }
        reader = ObjectReader(items)
    }

    /// What `read` makes of a parameter; nil where it is not given, or an error was noted.
    mutating func read<Value>(
        _ name: String, _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        reader.read(name, read)
    }

    /// What `read` makes of the parameters that say something: an empty text is what an emptied field
    /// of a form sends, and the choice of all there is.
    mutating func readFilled<Value>(_ read: (inout ObjectReader) -> Value) -> Value {
        var filled = ObjectReader(items.filter { !$0.value.isBlank })
        defer { for error in filled.errors { reader.note(error.field, error.detail) } }
        return read(&filled)
    }

    /// - Parameter detail: What follows the parameter's name in a sentence.
    mutating func note(_ name: String, _ detail: String) {
        reader.note(name, detail)
    }

    /// What a parameter says; nil where it is not given, or is none of `choices`, which is noted.
    mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, of choices: [Choice]
    ) -> Choice? {
        reader.choice(name, of: choices)
    }

    /// Whether a parameter is `true`, and not `false` or absent; what else it is, is noted.
    mutating func flag(_ name: String) -> Bool { choice(name, of: Flag.allCases) == .true }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }

    /// - Throws: ``Problem`` of type `invalid-parameter` with all that is wrong.
    fileprivate func check() throws {
        let errors = errors + reader.errors
        guard errors.isEmpty else { throw Problem.invalidParameters(errors) }
    }

    /// The query again, before and after what `name` is set to, which is in its old place or at the
    /// end.
    func around(_ name: String) -> (before: String, after: String) {
        var (before, after) = ("", "")
        var isFound = false
        for item in items {
            if item.name == name {
                isFound = true
            } else if isFound {
                after += "&" + Self.encode(item.name) + "=" + Self.encode(item.value)
            } else {
                before += Self.encode(item.name) + "=" + Self.encode(item.value) + "&"
            }
        }
        return (before + Self.encode(name) + "=", after)
    }

    // Byte by byte: Foundation takes microseconds for texts that need nothing done, and drops a byte
    // order mark on the way.

    private static func decode(_ text: Substring) throws -> String {
        guard let bytes = decodedBytes(text.utf8),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw Problem.invalidParameter("The query is not percent-encoded UTF-8.") }
        return decoded
    }

    /// Returns nil where a percent sign has no two hexadecimal digits behind it.
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

    private static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hexDigits[Int(byte >> 4)])
                bytes.append(hexDigits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    /// Whether it never needs encoding (RFC 3986 §2.3).
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension Request {
    /// What `read` makes of the parameters of the query, and those themselves.
    ///
    /// - Parameter known: The names of those that there are.
    /// - Throws: ``Problem`` of type `invalid-parameter` with all that is unknown, given twice or wrong.
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
