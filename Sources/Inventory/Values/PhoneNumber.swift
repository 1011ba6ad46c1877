/// How much must be known of a phone number before the inventory accepts it.
package enum NumberCheck: String, Sendable, CaseIterable {
    /// Its length is one that numbers of its country have.
    ///
    /// The default: tables of ranges go stale, and a carrier may own a range before they know it.
    case possible
    /// Its range is known to be in use as well.
    case valid
    /// Its country code is assigned, whatever its length.
    case e164
}

/// A phone number that can be dialled from anywhere, as libphonenumber understands it.
///
/// Two that have the same digits are one number; they are equal when they are shown alike as well,
/// which a newer libphonenumber may change.
package struct PhoneNumber: Hashable, Sendable {
    /// The age of the tables that numbers are checked with, for operators.
    package static let tables = """
        libphonenumber 8.12.57 of October 2022, with numbering changes until November 2026
        """

    /// The digits with the country code and without the `+` (ITU-T E.164), what makes it unique.
    package let digits: String
    /// libphonenumber's INTERNATIONAL format, as in `+55 84 91234-4321`, for people.
    ///
    /// Read again, it is the same number with the same text.
    package let formatted: String

    /// A number that was checked when it was stored.
    package init(storedDigits digits: String, formatted: String) {
        self.digits = digits
        self.formatted = formatted
    }

    /// Reads a number that a person wrote in international form: `+` first, then digits, spaces,
    /// hyphens, dots and parentheses.
    ///
    /// Blanks around it and typographic blanks and dashes inside mean nothing and are forgiven. A
    /// prefix that is dialled only inside the country, as in `+44 (0)20 7946 0018`, is left out.
    ///
    /// - Throws: ``InvalidValue`` with what is wrong, for a person.
    package init(_ text: String, numberCheck: NumberCheck = .possible) throws(InvalidValue) {
        let reading = try Reading(text, numberCheck)
        if let refusal = reading.refusal { throw refusal }
        self = reading.number
    }

    /// The number that a text is.
    struct Reading {
        let number: PhoneNumber
        /// Why the check refuses the number; a number that a store has is not checked again.
        let refusal: InvalidValue?
    }
}
