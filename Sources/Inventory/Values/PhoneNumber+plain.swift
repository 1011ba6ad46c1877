extension PhoneNumber {
    private static let longestText = 32
    private static let tooLong = InvalidValue("is too long: \(longestText) characters at most")
    /// Bounds the bytes that are examined, including blanks around the number.
    static let mostBytes = 256
    /// The shortest numbers in use have 7 digits, and the longest 15 (ITU-T E.164 §6.2.1).
    static let digitCounts = 7...15

    /// Returns the number with only `+`, digits and plain punctuation. libphonenumber also accepts
    /// letters, extensions, `tel:` addresses and other digits, but the inventory does not guess
    /// their meaning.
    static func plain(_ text: String) throws(InvalidValue) -> String {
        if isPlain(text.utf8) { return text }
        guard text.utf8.count <= mostBytes else { throw tooLong }
        let plain = try simplified(text.trimmingBlanks())
        guard !plain.isEmpty else { throw InvalidValue("must not be empty") }
        guard plain.unicodeScalars.count <= longestText else { throw tooLong }
        if let scalar = plain.unicodeScalars.first(where: { !isPlain($0) }) {
            throw InvalidValue(reason(against: scalar, in: plain))
        }
        try checkStart(of: plain)
        // Parentheses must match, and cannot be nested.
        guard plain.filter("()".contains).replacing("()", with: "").isEmpty else {
            throw InvalidValue("has parentheses that do not match")
        }
        return plain
    }

    /// Whether the text has the format of numbers in responses, which needs no further checks.
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

    /// The text with plain spaces and hyphens instead of the typographic ones of documents.
    static func simplified(_ text: String) throws(InvalidValue) -> String {
        var scalars = String.UnicodeScalarView()
        for (position, scalar) in text.unicodeScalars.enumerated() {
            switch scalar.value {
            // Check common characters before looking up Unicode properties.
            case 0x20...0x7E: scalars.append(scalar)
            case 0x00: throw InvalidValue("contains a NUL character")
            case 0x09, 0xA0, 0x2002...0x200A, 0x202F, 0x205F, 0x3000: scalars.append(" ")
            case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: scalars.append("-")
            case _ where scalar.isInvisible:
                throw InvalidValue("contains an invisible character at position \(position + 1)")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        "0"..."9" ~= scalar || "+ -.()".unicodeScalars.contains(scalar)
    }

    private static func reason(against scalar: Unicode.Scalar, in text: String) -> String {
        let lowercase = text.lowercased()
        if lowercase.hasPrefix("tel:")
            || lowercase.wholeMatch(of: /.*[0-9].*(ext|x|;|#)[ .:=]*[0-9]+/) != nil
        {
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

    private static func checkStart(of text: String) throws(InvalidValue) {
        let digits = text.filter(\.isNumber)
        guard text.hasPrefix("+") || !text.contains("+"), !text.dropFirst().contains("+") else {
            throw InvalidValue("must contain one + only, at the start")
        }
        guard text.hasPrefix("+") else {
            let hint = digits.hasPrefix("00") ? ", not with 00" : ""
            throw InvalidValue("must start with + and the country code" + hint)
        }
        guard !digits.isEmpty else { throw InvalidValue("must have digits after the +") }
        guard digits.first != "0" else {
            throw InvalidValue("has no country code: none starts with 0")
        }
        guard digitCounts.contains(digits.count) else { throw wrongDigitCount(digits.count) }
    }

    static func wrongDigitCount(_ count: Int) -> InvalidValue {
        InvalidValue("must have 7 to 15 digits (E.164), not \(count)")
    }
}
