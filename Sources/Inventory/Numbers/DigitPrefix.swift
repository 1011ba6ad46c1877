/// The digits that a number starts with: its country code, and what follows it.
package struct DigitPrefix: Equatable, Sendable {
    /// One to fifteen.
    package let digits: String

    /// Reads what a person typed, whose formatting is ignored; nil where there is nothing else, since
    /// every number starts with that.
    ///
    /// - Throws: ``InvalidValue`` with what is wrong, for a person.
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

    /// The first text, byte by byte, that comes after all digits which start so: what they are is
    /// found in an index that has them in their order.
    package var end: String {
        // What comes after 9 in ASCII.
        digits + ":"
    }
}
