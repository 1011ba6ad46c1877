extension PhoneNumber {
    /// The most characters that a number is read from, whatever they are.
    private static let longestText = 32
    /// The most bytes that are looked at, blanks around the number among them.
    static let mostBytes = 256
    /// The shortest numbers in use have 7, and the longest 15 (ITU-T E.164 §6.2.1).
    static let digitCounts = 7...15

    /// `text` as `+`, digits and plain punctuation only.
    ///
    /// libphonenumber forgives much more: letters, extensions, `tel:` addresses, digits of other
    /// scripts. What a person meant by those is a guess, and the inventory does not guess.
    static func plain(_ text: String) throws(InvalidValue) -> String {
        if isPlain(text.utf8) { return text }
        guard text.utf8.count <= mostBytes else {
            throw InvalidValue("is too long: \(longestText) characters at most")
        }
        let plain = try forgiven(text.trimmingBlanks())
        guard !plain.isEmpty else { throw InvalidValue("must not be empty") }
        guard plain.unicodeScalars.count <= longestText else {
            throw InvalidValue("is too long: \(longestText) characters at most")
        }
        try checkCharacters(of: plain)
        try checkStart(of: plain)
        try checkParentheses(of: plain)
        return plain
    }

    /// Whether it is written as numbers are answered, which most are, and which their bytes tell sooner than
    /// what is wrong is found.
    private static func isPlain(_ text: String.UTF8View) -> Bool {
        guard text.count <= longestText, text.first == UInt8(ascii: "+") else { return false }
        var digitCount = 0
        var endsWithDigit = false
        for byte in text.dropFirst() {
            switch byte {
            case UInt8(ascii: "0") where digitCount == 0: return false
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digitCount += 1
                endsWithDigit = true
            case UInt8(ascii: " "), UInt8(ascii: "-"): endsWithDigit = false
            default: return false
            }
        }
        return endsWithDigit && digitCounts.contains(digitCount)
    }

    /// The text with plain spaces and hyphens for typographic ones, as texts copied from documents
    /// have them.
    static func forgiven(_ text: String) throws(InvalidValue) -> String {
        var scalars = String.UnicodeScalarView()
        for (position, scalar) in text.unicodeScalars.enumerated() {
            scalars.append(try forgiven(scalar, at: position + 1))
        }
        return String(scalars)
    }

    private static func forgiven(_ scalar: Unicode.Scalar, at position: Int) throws(InvalidValue)
        -> Unicode.Scalar
    {
        switch scalar.value {
        // What nearly all are is told without asking for Unicode's properties.
        case 0x20...0x7E: return scalar
        case 0x00: throw InvalidValue("contains a NUL character")
        case 0x09: return " "
        case 0xA0, 0x2002...0x200A, 0x202F, 0x205F, 0x3000: return " "
        default: break
        }
        if isHyphen(scalar) { return "-" }
        if scalar.isInvisible {
            throw InvalidValue("contains an invisible character at position \(position)")
        }
        return scalar
    }

    static func isHyphen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: true
        default: false
        }
    }

    /// Whether a number may be written with the character.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "+", " ", "-", ".", "(", ")": true
        default: false
        }
    }

    private static func checkCharacters(of text: String) throws(InvalidValue) {
        if let scalar = text.unicodeScalars.first(where: { !isPlain($0) }) {
            throw InvalidValue(reason(against: scalar, in: text))
        }
    }

    private static func reason(against scalar: Unicode.Scalar, in text: String) -> String {
        if hasExtension(text.lowercased()) {
            return "must be the number alone, without an extension or a tel: prefix"
        }
        if scalar.properties.numericType != nil { return "must use the digits 0-9" }
        if !scalar.isASCII {
            return """
                contains \(scalar): only digits, spaces, hyphens, dots and parentheses may follow the +
                """
        }
        return "may contain only digits, spaces, hyphens, dots and parentheses after the +"
    }

    private static func hasExtension(_ text: String) -> Bool {
        let digits = "0"..."9"
        let last = text.reversed().prefix { digits ~= String($0) }
        let rest = text.dropLast(last.count).reversed().drop { " .:=".contains($0) }
        let beginning = String(rest.reversed())
        return text.hasPrefix("tel:")
            || !last.isEmpty && beginning.contains { digits ~= String($0) }
                && ["ext", "x", ";", "#"].contains(where: beginning.hasSuffix)
    }

    private static func checkStart(of text: String) throws(InvalidValue) {
        let digits = text.unicodeScalars.filter { ("0"..."9").contains($0) }
        guard text.hasPrefix("+") else {
            if text.contains("+") {
                throw InvalidValue("must contain one + only, at the start")
            }
            if digits.starts(with: "00".unicodeScalars) {
                throw InvalidValue("must start with + and the country code, not with 00")
            }
            throw InvalidValue("must start with + and the country code")
        }
        guard !text.dropFirst().contains("+") else {
            throw InvalidValue("must contain one + only, at the start")
        }
        guard !digits.isEmpty else {
            throw InvalidValue("must have digits after the +")
        }
        guard digits.first != "0" else {
            throw InvalidValue("has no country code: none starts with 0")
        }
        try checkCount(digits.count)
    }

    /// Refuses numbers that are too long or too short, with what is left out or without.
    static func checkCount(_ count: Int) throws(InvalidValue) {
        guard digitCounts.contains(count) else {
            throw InvalidValue("must have 7 to 15 digits (E.164), not \(count)")
        }
    }

    private static func checkParentheses(of text: String) throws(InvalidValue) {
        var isOpen = false
        for character in text where character == "(" || character == ")" {
            guard isOpen == (character == ")") else {
                throw InvalidValue("has parentheses that do not match")
            }
            isOpen.toggle()
        }
        guard !isOpen else { throw InvalidValue("has parentheses that do not match") }
    }
}
