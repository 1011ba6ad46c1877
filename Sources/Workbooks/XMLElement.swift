/// The start of an element: its name and its attributes, without prefixes.
struct XMLElement {
    let name: String
    private var attributes: [(name: String, value: String)] = []

    /// - Parameter tag: The tag without its brackets.
    /// - Parameter file: The name of the file, for messages.
    init(_ tag: ArraySlice<UInt8>, _ file: String) throws(UnreadableWorkbook) {
        var rest = tag
        name = Self.localName(rest.take { !$0.isXMLBlank })
        while true {
            _ = rest.take(while: \.isXMLBlank)
            guard !rest.isEmpty else { return }
            let name = rest.take { $0 != UInt8(ascii: "=") && !$0.isXMLBlank }
            _ = rest.take(while: \.isXMLBlank)
            guard rest.popFirst() == UInt8(ascii: "=") else { throw Self.damaged(file) }
            _ = rest.take(while: \.isXMLBlank)
            let quote = rest.popFirst()
            let value = rest.take { $0 != quote }
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                rest.popFirst() == quote
            else { throw Self.damaged(file) }
            guard !name.starts(with: "xmlns".utf8) else { continue }
            let text = String(decoding: try Self.unescaped(value, file), as: UTF8.self)
            attributes.append((Self.localName(name), text))
        }
    }

    /// The value of an attribute that has only ASCII characters. Comparing others may be slow.
    subscript(name: String) -> String? {
        text(name).flatMap { $0.utf8.allSatisfy { $0 < 0x80 } ? $0 : nil }
    }

    /// The value of an attribute.
    func text(_ name: String) -> String? {
        attributes.first { $0.name == name }?.value
    }

    /// Returns an empty text for a name that no format defines.
    private static func localName(_ name: ArraySlice<UInt8>) -> String {
        guard name.allSatisfy({ $0 < 0x80 }) else { return "" }
        let start = name.firstIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? name.startIndex
        return String(decoding: name[start...], as: UTF8.self)
    }

    static func damaged(_ file: String) -> UnreadableWorkbook {
        .damaged("\(file) is not valid XML")
    }

    /// Replaces the five predefined entities and the references to characters. Without a document
    /// type there are no others.
    static func unescaped(
        _ text: ArraySlice<UInt8>, _ file: String
    ) throws(UnreadableWorkbook) -> [UInt8] {
        var rest = text
        var result = Array(rest.take { $0 != UInt8(ascii: "&") })
        while rest.popFirst() != nil {
            // The longest is a character's number, such as #x10FFFF.
            let name = rest.prefix(12).prefix { $0 != UInt8(ascii: ";") }
            rest = rest.dropFirst(name.count)
            guard rest.popFirst() == UInt8(ascii: ";"),
                let scalar = scalar(String(decoding: name, as: UTF8.self))
            else { throw damaged(file) }
            result += String(scalar).utf8
            result += rest.take { $0 != UInt8(ascii: "&") }
        }
        return result
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.utf8.first == UInt8(ascii: "#") else { return nil }
            let digits = name.dropFirst()
            let isHex = digits.utf8.first == UInt8(ascii: "x")
            let number = isHex ? digits.dropFirst() : digits
            guard number.utf8.allSatisfy(\.isHexadecimal) else { return nil }
            return UInt32(number, radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(while isTaken: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let taken = prefix(while: isTaken)
        self = self[taken.endIndex...]
        return taken
    }
}
