/// A search for digits anywhere in a phone number.
package enum Search: Equatable, Sendable {
    case all
    /// Consecutive digits of a phone number: those of the first text, or of one of the others.
    case digits(String, or: [String] = [])
    /// A text that no number contains.
    case nothing

    /// Bounds the bytes that are examined; every formatted number has fewer.
    private static let mostBytes = 256
    static let mostDigits = 15
    /// With fewer digits after its zeros, a text is not a whole number that was written to be dialed,
    /// unless its first group is an international prefix.
    private static let fewestDialed = 7
    /// What users dial before a country code; the last one in Australia. No country code begins with
    /// 0, and no number after +1 begins with 1.
    static let internationalPrefixes = ["00", "011", "0011"]

    /// Reads a user's text. Formatting is ignored; no number contains any other character.
    package init(_ text: String) {
        guard let digits = Self.digits(of: text) else {
            self = .nothing
            return
        }
        let group = text.unicodeScalars.drop { !("0"..."9").contains($0) }
            .prefix { ("0"..."9").contains($0) }
        let isInternational =
            group.count < digits.utf8.count && Self.internationalPrefixes.contains(String(group))
        let readings = Self.readings(of: digits, fewest: isInternational ? 1 : Self.fewestDialed)
        if digits.isEmpty {
            self = .all
        } else if let first = readings.first {
            self = .digits(first, or: Array(readings.dropFirst()))
        } else {
            self = .nothing
        }
    }

    /// The digits, and those of the number that a user dials with them: after an international
    /// prefix or the zero of a national number. So no reading hides a number.
    fileprivate static func readings(of digits: String, fewest: Int = fewestDialed) -> [String] {
        guard digits.hasPrefix("0") else { return digits.utf8.count <= mostDigits ? [digits] : [] }
        let afterZeros = String(digits.drop { $0 == "0" })
        let prefix = internationalPrefixes.last(where: digits.hasPrefix) ?? "0"
        let rest = String(digits.dropFirst(prefix.utf8.count))
        let dialed = rest.hasPrefix("0") || rest == afterZeros ? [afterZeros] : [afterZeros, rest]
        // No number begins with 0, so a digit precedes this one.
        return [digits].filter { $0.utf8.count < mostDigits }
            + dialed.filter { fewest...mostDigits ~= $0.utf8.count }
    }

    /// The digits of a user's text, or of a `tel:` URI (RFC 3966). Nil if it contains anything but
    /// digits, formatting and invisible characters.
    static func digits(of text: String) -> String? {
        guard text.utf8.count <= mostBytes else { return nil }
        // Properties of Unicode are slow to look up, and most texts need none.
        if text.utf8.allSatisfy({ $0.isDigit || " +-.()".utf8.contains($0) }) {
            return String(decoding: text.utf8.filter(\.isDigit), as: UTF8.self)
        }
        var scalars = text.unicodeScalars.filter { scalar in
            !scalar.properties.isWhitespace && !scalar.isInvisible
        }[...]
        if String(scalars.prefix(4)).lowercased() == "tel:" {
            scalars = scalars.dropFirst(4).prefix { $0 != ";" }
        }
        // What exports and spreadsheets add to keep a number text.
        if scalars.first == "'" {
            scalars = scalars.dropFirst()
        } else if scalars.starts(with: ["=", "\""]), scalars.last == "\"" {
            scalars = scalars.dropFirst(2).dropLast()
        }
        let isPlain = scalars.allSatisfy { scalar in
            switch scalar {
            case "0"..."9", "+", "-", ".", "(", ")": true
            default: scalar.properties.isDash
            }
        }
        return isPlain ? String(scalars.filter { ("0"..."9").contains($0) }) : nil
    }

    fileprivate static let tooLong = InvalidValue("must have at most \(mostDigits) digits")

    fileprivate static func onlyDigits(of text: String) throws(InvalidValue) -> String {
        guard text.utf8.count <= mostBytes else { throw tooLong }
        guard let digits = digits(of: text) else {
            throw InvalidValue(
                "may contain digits, blanks, hyphens, dots, parentheses and a + only")
        }
        return digits
    }
}

/// The first digits of a phone number, from its country code.
package struct DigitPrefix: Equatable, Sendable {
    /// One to fifteen digits.
    package let digits: String
    /// Whether a number has no other digits.
    private let isWhole: Bool

    /// Ignores formatting, and an international prefix. Returns nil if there are no digits.
    package init?(_ text: String, isWhole: Bool = false) throws(InvalidValue) {
        let written = try Search.onlyDigits(of: text)
        let prefix = Search.internationalPrefixes.last(where: written.hasPrefix) ?? ""
        let digits = String(written.dropFirst(prefix.utf8.count))
        guard !digits.hasPrefix("0"), digits.isEmpty == written.isEmpty else {
            throw InvalidValue("must begin with a country code, such as 55; none begins with 0")
        }
        guard digits.utf8.count <= Search.mostDigits else { throw Search.tooLong }
        guard !digits.isEmpty else { return nil }
        self.digits = digits
        self.isWhole = isWhole
    }

    /// The exclusive end, in byte order, of the digits that begin with this prefix: for a range
    /// search in an index.
    package var end: String {
        // In ASCII, an exclamation mark precedes 0, and a colon follows 9.
        digits + (isWhole ? "!" : ":")
    }
}

/// The last digits of a phone number; all of them if they are written with a +.
package struct DigitSuffix: Equatable, Sendable {
    /// To find fewer digits, SQLite would read all numbers.
    package static let leastDigits = 3

    package let digits: String
    private let isWhole: Bool
    /// Whether the text began with a 0 to dial, which is not among ``digits``.
    package let isDialed: Bool

    /// Ignores formatting, what users dial before a whole number, and the ellipsis of a shortened
    /// number. Returns nil if there are no digits.
    package init?(_ text: String) throws(InvalidValue) {
        let scalars = text.trimmingBlanks().unicodeScalars
        let written = try Search.onlyDigits(of: String(scalars.drop { $0 == "…" }))
        guard !written.isEmpty else { return nil }
        guard written.utf8.count >= Self.leastDigits else {
            throw InvalidValue("must have at least \(Self.leastDigits) digits, such as 4321")
        }
        // Each reading ends with the shortest one, which so finds the numbers of all.
        guard let digits = Search.readings(of: written).min(by: { $0.utf8.count < $1.utf8.count })
        else { throw Search.tooLong }
        self.digits = digits
        isDialed = digits != written
        isWhole = !isDialed && text.utf8.contains(UInt8(ascii: "+"))
    }

    /// The pattern of SQL's LIKE.
    package var pattern: String { (isWhole ? "" : "%") + digits }
}
