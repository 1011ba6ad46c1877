internal import CPhoneNumber

// Errors for texts that are not exactly one number.
extension PhoneNumber {
    /// Words between two numbers or the bounds of a range.
    private static let words: Set = [
        "to", "til", "till", "until", "through", "thru", "bis", "or", "oder", "and", "und", "o",
        "ou", "e", "et", "y", "a", "al", "\u{E0}", "au", "ate", "at\u{E9}", "hasta",
    ]

    private static let dots = "..".unicodeScalars

    /// The error for several numbers, or for a number that a spreadsheet damaged; nil for other
    /// texts. If `isRefused`, the text cannot be one number, so a hyphen in it separates two
    /// numbers.
    static func misreading(of text: String, isRefused: Bool) -> InvalidValue? {
        guard text.utf8.count <= mostBytes else { return nil }
        let blank = text.trimmingBlanks()
        let text = (try? simplified(blank)) ?? blank
        if let damage = spreadsheetDamage(in: text) { return damage }
        if let separator = separator(in: text) {
            return severalNumbers(text[..<separator.lowerBound], text[separator.upperBound...])
        }
        guard isRefused, let hyphen = text.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
        return severalNumbers(text[..<hyphen], text[hyphen...].dropFirst())
    }

    /// The end of the first number: a character or word that no number contains, or a second `+`.
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
        // Check bytes first, because regular expressions are slow.
        if text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            guard text.wholeMatch(of: /[+0-9][0-9.,]*[eE][+-]*[0-9]+/) != nil else { return nil }
            return InvalidValue(
                "is in scientific notation: a spreadsheet lost the last digits; \(advice)")
        }
        let utf8 = text.utf8
        guard utf8.last == UInt8(ascii: "0"), let place = utf8.lastIndex(where: ".,".utf8.contains),
            utf8[place...].dropFirst().allSatisfy({ $0 == UInt8(ascii: "0") }),
            let last = utf8[..<place].last, last.isDigit,
            utf8[..<place].allSatisfy({ $0.isDigit || "+ ()-".utf8.contains($0) })
        else { return nil }
        let (number, ending) = (text[..<place], text[place...])
        // In +1 212 555.0000 the dot separates two groups.
        guard ending.utf8.count <= 3 || complete(number) != nil else { return nil }
        return InvalidValue(
            """
            ends with \(ending): a spreadsheet turned it into a decimal number; \(advice), or \
            remove the \(ending)
            """)
    }

    /// The error if `text` is a number and `rest` another one or the end of a range; nil otherwise.
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

    private static func complete(_ text: some StringProtocol) -> PhoneNumber? {
        guard digitCounts.contains(text.digitCount), text.hasPrefix("+"),
            text.unicodeScalars.allSatisfy(isPlain),
            let reading = try? Reading(plain: String(text), .possible), reading.error == nil
        else { return nil }
        return reading.number
    }

    /// Refuses a text whose last group may also be an extension or the end of a range, if the
    /// digits before it are a number in use. A possible length is not enough: an area code alone
    /// often has one.
    static func checkLastGroup(of plain: String, readAs number: PhoneNumber) throws(InvalidValue) {
        guard plain != number.formatted else { return }
        let marks = "-(".utf8
        // Marks after the last digit separate nothing.
        guard let end = plain.unicodeScalars.lastIndex(where: { "0"..."9" ~= $0 }),
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

    private static func isInUse(_ text: String, withDigitsOf number: PhoneNumber) -> Bool {
        // `cpn_is_in_use` is fast, but does not know numbering changes.
        guard NumberingChange.concerns(number) else { return cpn_is_in_use(text) }
        guard let reading = try? Reading(plain: text, .valid) else { return false }
        return reading.error == nil
    }
}

extension StringProtocol {
    fileprivate var digitCount: Int { utf8.count(where: \.isDigit) }

    fileprivate func hasHyphen(beforeLast digitCount: Int) -> Bool {
        indices.contains { self[$0] == "-" && self[$0...].digitCount == digitCount }
    }
}
