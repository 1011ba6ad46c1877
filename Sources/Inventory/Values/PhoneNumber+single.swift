/// Texts that are not exactly one number.
extension PhoneNumber {
    /// Explains a text that holds several numbers, or what a spreadsheet made of one; nil for any
    /// other text.
    ///
    /// - Parameter isRefused: Whether the text cannot be one number, so that a hyphen separates two.
    static func misreading(of text: String, isRefused: Bool) -> Refusal? {
        guard text.utf8.count <= mostBytes else { return nil }
        let text = text.trimmingBlanks()
        let isPlain = text.unicodeScalars.allSatisfy(isPlain)
        if !isPlain || text.hasSuffix("0"), let damage = spreadsheetDamage(in: text) {
            return damage
        }
        let separator =
            /\s*(?:\.{2,}|[…\/\\,;&|~〜～]|\R|\b(?:(?:up )?to|till?|until|through|thru|bis|or|oder|and|und|ou?|et?|y|al?|à|au|até?|hasta)\b)\s*/
            .ignoresCase()
        if !isPlain || text.contains(".."), let match = text.firstMatch(of: separator) {
            return severalNumbers(text[..<match.startIndex], text[match.endIndex...])
        }
        if let second = text.dropFirst().firstIndex(of: "+") {
            return severalNumbers(text[..<second], text[second...])
        }
        guard isRefused, let hyphen = text.unicodeScalars.lastIndex(where: isHyphen) else {
            return nil
        }
        return severalNumbers(
            text[..<hyphen], text[text.unicodeScalars.index(after: hyphen)...])
    }

    private static func spreadsheetDamage(in text: String) -> Refusal? {
        let advice = "format the column as text and export again"
        if text.wholeMatch(of: /[+'’]?[0-9]+(?:[.,][0-9]+)?[eE][+\-]?[0-9]+/) != nil {
            return Refusal(
                "is in scientific notation: a spreadsheet lost the last digits; \(advice)")
        }
        guard let match = text.wholeMatch(of: /([+'’]?[0-9 ()\-]*[0-9])([.,]0+)/) else {
            return nil
        }
        // In +1 212 555.0000 the dot separates two groups.
        guard match.2.utf8.count <= 3 || complete(match.1) != nil else { return nil }
        return Refusal(
            """
            ends with \(match.2): a spreadsheet turned it into a decimal number; \(advice), or \
            remove the \(match.2)
            """)
    }

    /// Explains that `text` is a number of its own, and that `rest` is another one or the end of a
    /// range; nil if they are not.
    private static func severalNumbers(_ text: Substring, _ rest: Substring) -> Refusal? {
        let rest = rest.trimmingBlanks()
        guard let first = complete(text), let start = rest.utf8.first,
            "+(0123456789".utf8.contains(start)
        else { return nil }
        let tail = rest.prefix { $0.isASCII && !$0.isLetter && !",;/&|".contains($0) }
        let tailDigits = tail.filter(\.isNumber)
        let second = complete(
            rest.hasPrefix("+")
                ? tail : "+\(first.digits.dropLast(tailDigits.count))\(tailDigits)")
        let example = second.map { " and \($0.formatted)" } ?? ""
        return Refusal(
            """
            is a range or several numbers: write one number per row, such as \
            \(first.formatted)\(example)
            """)
    }

    /// The number that a part of a text is for itself; nil if it is none.
    private static func complete(_ text: some StringProtocol) -> PhoneNumber? {
        guard let plain = try? forgiven(text.trimmingBlanks()), plain.hasPrefix("+"),
            plain.unicodeScalars.allSatisfy(isPlain),
            let reading = try? Reading(plain: plain, .possible),
            reading.refusal == nil
        else { return nil }
        return reading.number
    }

    /// Refuses a text whose last group may also be an extension of the number before it, or the end of
    /// a range.
    ///
    /// That number must lie in a known range: an area code alone often has a possible length.
    static func checkLastGroup(of plain: String, readAs number: PhoneNumber) throws(Refusal) {
        guard plain != number.formatted else { return }
        let marks = "-(".utf8
        guard let mark = plain.utf8.lastIndex(where: marks.contains) else { return }
        let lastDigits = plain[mark...].digitCount
        guard lastDigits > 0, !number.formatted.hasHyphen(beforeLast: lastDigits),
            digitCounts.contains(plain.digitCount - lastDigits),
            let before = try? Reading(plain: String(plain[..<mark]), .valid), before.refusal == nil
        else { return }
        throw Refusal(
            """
            has two meanings: one number \(number.formatted), or an extension or range after \
            \(before.number.formatted)? Write one number per row, without the \
            \(plain[mark] == "-" ? "hyphen" : "parentheses")
            """)
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
