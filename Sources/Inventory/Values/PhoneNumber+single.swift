internal import CPhoneNumber

/// Texts that are not exactly one number.
extension PhoneNumber {
    /// Words between two numbers, or the ends of a range.
    private static let words: Set = [
        "to", "til", "till", "until", "through", "thru", "bis", "or", "oder", "and", "und", "o",
        "ou", "e", "et", "y", "a", "al", "\u{E0}", "au", "ate", "at\u{E9}", "hasta",
    ]

    private static let dots = "..".unicodeScalars

    /// Explains a text that holds several numbers, or what a spreadsheet made of one; nil for any
    /// other text.
    ///
    /// - Parameter isRefused: Whether the text cannot be one number, so that a hyphen separates two.
    static func misreading(of text: String, isRefused: Bool) -> InvalidValue? {
        guard text.utf8.count <= mostBytes else { return nil }
        let blank = text.trimmingBlanks()
        let text = (try? forgiven(blank)) ?? blank
        if let damage = spreadsheetDamage(in: text) { return damage }
        if let separator = separator(in: text) {
            return severalNumbers(text[..<separator.lowerBound], text[separator.upperBound...])
        }
        guard isRefused, let hyphen = text.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
        return severalNumbers(text[..<hyphen], text[hyphen...].dropFirst())
    }

    /// Where the first number ends: at a character or word that no number contains, or a second `+`.
    private static func separator(in text: String) -> Range<String.Index>? {
        let scalars = text.unicodeScalars
        let start = scalars.indices.dropFirst().first { index in
            !isPlain(scalars[index]) || scalars[index] == "+"
                || scalars[index...].starts(with: dots)
        }
        guard let start else { return nil }
        let word = scalars[start...].prefix(while: \.properties.isAlphabetic)
        if !word.isEmpty {
            return words.contains(String(word).lowercased()) ? start..<word.endIndex : nil
        }
        switch scalars[start] {
        case "+": return start..<start
        case ".", "\u{2026}", "/", "\\", ",", ";", "&", "|", "~", "\u{301C}", "\u{FF5E}", "\r",
            "\n":
            let rest = scalars[start...].drop { $0 == scalars[start] || $0.properties.isWhitespace }
            return start..<rest.startIndex
        default: return nil
        }
    }

    private static func spreadsheetDamage(in text: String) -> InvalidValue? {
        let advice = "format the column as text and export again"
        let scalars = text.unicodeScalars
        if let exponent = scalars.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            let power = scalars[exponent...].dropFirst().drop { $0 == "+" || $0 == "-" }
            let isNumber =
                scalars.first.map { $0 == "+" || isDigit($0) } == true
                && scalars[..<exponent].dropFirst().allSatisfy { isDigit($0) || isPoint($0) }
                && !power.isEmpty && power.allSatisfy(isDigit)
            guard isNumber else { return nil }
            return InvalidValue(
                "is in scientific notation: a spreadsheet lost the last digits; \(advice)")
        }
        guard let point = scalars.lastIndex(where: isPoint),
            scalars[point...].dropFirst().allSatisfy({ $0 == "0" }), scalars.last == "0",
            scalars[..<point].last.map(isDigit) == true,
            scalars[..<point].allSatisfy({ isPlain($0) && !isPoint($0) })
        else { return nil }
        let ending = text[point...]
        // In +1 212 555.0000 the dot separates two groups.
        guard ending.utf8.count <= 3 || complete(text[..<point]) != nil else { return nil }
        return InvalidValue(
            """
            ends with \(ending): a spreadsheet turned it into a decimal number; \(advice), or \
            remove the \(ending)
            """)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

    private static func isPoint(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

    /// Explains that `text` is a number of its own, and that `rest` is another one or the end of a
    /// range; nil if they are not.
    private static func severalNumbers(_ text: Substring, _ rest: Substring) -> InvalidValue? {
        let rest = rest.trimmingBlanks()
        guard let first = complete(text), let start = rest.utf8.first,
            "+(0123456789".utf8.contains(start)
        else { return nil }
        return InvalidValue(
            """
            is a range or several numbers: write one number per row, such as \
            \(first.formatted)\(second(in: rest, after: first).map { " and \($0.formatted)" } ?? "")
            """)
    }

    private static func second(in rest: String, after first: PhoneNumber) -> PhoneNumber? {
        let tail = rest.prefix { $0.isASCII && !$0.isLetter && !",;/&|".contains($0) }
        let digits = tail.filter(\.isNumber)
        return complete(
            rest.hasPrefix("+") ? tail : "+\(first.digits.dropLast(digits.count))\(digits)")
    }

    /// The number that a part of a text is for itself; nil if it is none.
    private static func complete(_ text: some StringProtocol) -> PhoneNumber? {
        guard digitCounts.contains(text.digitCount), text.hasPrefix("+"),
            text.unicodeScalars.allSatisfy(isPlain),
            let reading = try? Reading(plain: String(text), .possible), reading.refusal == nil
        else { return nil }
        return reading.number
    }

    /// Refuses a text whose last group may also be an extension of the number before it, or the end of
    /// a range.
    ///
    /// That number must lie in a known range: an area code alone often has a possible length.
    static func checkLastGroup(of plain: String, readAs number: PhoneNumber) throws(InvalidValue) {
        guard plain != number.formatted else { return }
        let marks = "-(".utf8
        // Marks behind the last digit separate nothing.
        guard let end = plain.unicodeScalars.lastIndex(where: isDigit),
            let mark = plain.utf8[...end].lastIndex(where: marks.contains)
        else { return }
        let lastDigits = plain[mark...].digitCount
        let before = String(plain[..<mark])
        guard lastDigits > 0, !number.formatted.hasHyphen(beforeLast: lastDigits),
            digitCounts.contains(plain.digitCount - lastDigits),
            isInUse(before, withDigitsOf: number)
        else { return }
        let name = plain[mark] == "-" ? "hyphen" : "parentheses"
        throw InvalidValue(
            """
            has two meanings: one number \(number.formatted), or an extension or range after \
            \(complete(before)?.formatted ?? before)? Write one number per row, without the \(name)
            """)
    }

    /// Whether the text is a number in a known range.
    private static func isInUse(_ text: String, withDigitsOf number: PhoneNumber) -> Bool {
        // Only the tables of libphonenumber answer quickly.
        guard NumberingChange.concerns(number) else { return cpn_is_in_use(text) }
        guard let reading = try? Reading(plain: text, .valid) else { return false }
        return reading.refusal == nil
    }
}

extension StringProtocol {
    fileprivate var digitCount: Int {
        utf8.count { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    fileprivate func hasHyphen(beforeLast digitCount: Int) -> Bool {
        indices.contains { self[$0] == "-" && self[$0...].digitCount == digitCount }
    }
}
