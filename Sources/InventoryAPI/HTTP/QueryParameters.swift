internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The parameters of a request's query, in their order.
///
/// Those of Hummingbird leave a text that cannot be decoded as it is, and take `+` for a plus and not
/// for a blank.
struct QueryParameters {
    let items: [(name: String, value: String)]

    /// Reads the query.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter` where the query is not percent-encoded
    ///   UTF-8, a name is not among `known`, or is there twice.
    init(of request: Request, known: [String]) throws {
        let query = request.uri.query ?? ""
        var items: [(name: String, value: String)] = []
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(parts[0])
            guard known.contains(where: { name.hasSameBytes(as: $0) }) else {
                let hint =
                    name.closest(among: known).map { "did you mean \($0)?" }
                    ?? "there are \(known.joined(separator: ", "))."
                throw Problem.invalidParameter("Unknown parameter \(name.shortened); \(hint)")
            }
            guard !items.contains(where: { $0.name == name }) else {
                throw Problem.invalidParameter("\(name) must be given once only.")
            }
            items.append((name, parts.count == 2 ? try Self.decode(parts[1]) : ""))
        }
        self.items = items
    }

    subscript(_ name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    /// What a parameter says; nil where it is not given.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter` where it is none of `choices`.
    func choice<Choice: RawRepresentable<String>>(
        _ name: String, of choices: [Choice]
    ) throws -> Choice? {
        guard let text = self[name] else { return nil }
        guard let choice = choices.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
            let names = choices.map(\.rawValue).joined(separator: " or ")
            throw Problem.invalidParameter("\(name) must be \(names).")
        }
        return choice
    }

    /// Whether a parameter is `true`, and not `false` or absent.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter` where it is anything else.
    func flag(_ name: String) throws -> Bool {
        try choice(name, of: Flag.allCases) == .true
    }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }

    /// The query again, with `name` set to `value` in its old place or at the end.
    func setting(_ name: String, to value: String) -> String {
        var items = items
        if let index = items.firstIndex(where: { $0.name == name }) {
            items[index].value = value
        } else {
            items.append((name, value))
        }
        return items.map { Self.encode($0.name) + "=" + Self.encode($0.value) }.joined(
            separator: "&")
    }

    // Byte by byte: Foundation takes microseconds for texts that need nothing done, and drops a byte
    // order mark on the way.

    private static func decode(_ text: Substring) throws -> String {
        guard let bytes = decodedBytes(text.utf8),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw Problem.invalidParameter("The query is not percent-encoded UTF-8.") }
        return decoded
    }

    /// Nil where a percent sign has no two hexadecimal digits behind it.
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
