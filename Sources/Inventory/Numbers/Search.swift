/// A search for digits anywhere in a phone number.
package enum Search: Equatable, Sendable {
    case all
    /// Consecutive digits of a phone number.
    case digits(String)
    /// A text that no number contains.
    case nothing

    /// Bounds the bytes that are examined; every formatted number has fewer.
    private static let mostBytes = 256
    static let mostDigits = 15

    /// Reads a user's text. Formatting is ignored; no number contains any other character.
    package init(_ text: String) {
        switch Self.digits(of: text) {
        case ""?: self = .all
        case let digits? where digits.utf8.count <= Self.mostDigits: self = .digits(digits)
        default: self = .nothing
        }
    }

    /// The digits of a user's text; nil if it contains anything but digits and formatting.
    static func digits(of text: String) -> String? {
        guard text.utf8.count <= mostBytes else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "0"..."9", "+", "-", ".", "(", ")": true
            default: scalar.properties.isWhitespace || scalar.properties.isDash
            }
        }
        return isPlain ? text.filter { ("0"..."9").contains($0) } : nil
    }
}

/// The first digits of a phone number, from its country code.
package struct DigitPrefix: Equatable, Sendable {
    /// One to fifteen digits.
    package let digits: String

    /// Ignores formatting. Returns nil if there are no digits.
    package init?(_ text: String) throws(InvalidValue) {
        guard let digits = Search.digits(of: text) else {
            throw InvalidValue(
                "may contain digits, blanks, hyphens, dots, parentheses and a + only")
        }
        guard digits.utf8.count <= Search.mostDigits else {
            throw InvalidValue("must have at most \(Search.mostDigits) digits")
        }
        guard !digits.isEmpty else { return nil }
        self.digits = digits
    }

    /// The exclusive end, in byte order, of the digits that begin with this prefix: for a range
    /// search in an index.
    package var end: String {
        // A colon follows 9 in ASCII.
        digits + ":"
    }
}
