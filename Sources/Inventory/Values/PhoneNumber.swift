/// Which of libphonenumber's checks a phone number must pass.
package enum NumberCheck: String, Sendable, CaseIterable {
    /// The length is possible in the country. This is the default, because tables of ranges get
    /// outdated.
    case possible
    /// The number's range is also in use.
    case valid
    /// The country code is assigned. The number may have any length.
    case e164
}

/// An international phone number. Its digits identify it. Equality also compares the format, which
/// a newer libphonenumber may change.
package struct PhoneNumber: Hashable, Sendable {
    package static let tables = """
        libphonenumber 8.12.57 of October 2022, with numbering changes until November 2026
        """

    /// The country code and the other digits, without `+` (ITU-T E.164). They are unique.
    package let digits: String
    /// libphonenumber's INTERNATIONAL format, such as `+55 84 91234-4321`. Reading it gives the
    /// same number.
    package let formatted: String

    package init(storedDigits digits: String, formatted: String) {
        self.digits = digits
        self.formatted = formatted
    }

    /// Reads a number in international form: `+`, then digits, spaces, hyphens, dots and
    /// parentheses; also typographic blanks and dashes. A prefix for calls inside the country, as
    /// in `+44 (0)20 7946 0018`, is left out.
    package init(_ text: String, numberCheck: NumberCheck = .possible) throws(InvalidValue) {
        let reading = try Reading(text, numberCheck)
        if let error = reading.error { throw error }
        self = reading.number
    }

    struct Reading {
        let number: PhoneNumber
        /// Why the check refuses the number; ignored if the number is already stored.
        let error: InvalidValue?
    }
}
