internal import CPhoneNumber

/// How much must be known of a phone number before the inventory takes it.
package enum NumberCheck: String, Sendable, CaseIterable {
    /// Its length is one that numbers of its country have.
    ///
    /// The default: tables of ranges go stale, and a carrier may own a range before they know it.
    case possible
    /// Its range is known to be in use as well.
    case valid
}

/// A phone number that can be dialled from anywhere, as libphonenumber understands it.
///
/// Two that have the same digits are one number; they are equal when they are shown alike as well,
/// which a newer libphonenumber may change.
package struct PhoneNumber: Hashable, Sendable {
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
    /// - Throws: ``Refusal`` with what is wrong, for a person.
    package init(_ text: String, numberCheck: NumberCheck = .possible) throws(Refusal) {
        let plain = try Self.plain(text)
        var result = cpn_number()
        let status = cpn_parse(plain, numberCheck == .valid, &result)
        if status != CPN_OK {
            throw Refusal(status, result)
        }
        if numberCheck == .valid, !result.is_valid {
            throw Refusal("lies in no range of \(result.country) that is known to be in use")
        }
        digits = String(Self.text(result.e164).dropFirst())
        try Self.checkCount(digits.utf8.count)
        formatted = Self.text(result.international)
    }

    /// The text in what C declares as an array of characters.
    fileprivate static func text(_ characters: some Any) -> String {
        withUnsafeBytes(of: characters) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

extension Refusal {
    fileprivate init(_ status: cpn_status, _ number: cpn_number) {
        switch status {
        case CPN_UNKNOWN_COUNTRY_CODE:
            self.init("has an unknown country code")
        case CPN_TOO_SHORT where number.country_code != 0:
            self.init("is too short for \(number.country): \(number.expectedLength)")
        case CPN_TOO_LONG where number.country_code != 0:
            self.init("is too long for \(number.country): \(number.expectedLength)")
        case CPN_WRONG_LENGTH:
            self.init("has the wrong length for \(number.country): \(number.expectedLength)")
        case CPN_AMBIGUOUS:
            self.init(
                """
                would be read as another number: \(number.country)'s do not begin like this after \
                +\(number.country_code); leave out what is dialled only inside the country
                """)
        case CPN_TOO_SHORT:
            self.init("is too short for a phone number")
        case CPN_TOO_LONG:
            self.init("is too long for a phone number")
        default:
            self.init("is not a phone number")
        }
    }
}

extension cpn_number {
    /// Such as "Brazil", or the code where it belongs to no single country.
    fileprivate var country: String {
        RegionName.english(PhoneNumber.text(region)) ?? "the country code +\(country_code)"
    }

    /// Such as "10 or 11 digits after +55, not 8".
    fileprivate var expectedLength: String {
        let lengths = (1...17).filter { possible_lengths & (1 << UInt32($0)) != 0 }
        let noun = lengths == [1] ? "digit" : "digits"
        return "\(lengths.ranges) \(noun) after +\(country_code), not \(national_digits)"
    }
}

extension [Int] {
    /// "8", "10 or 11", "5 to 15", "4, 7 or 9 to 11": ascending numbers, runs of three or more
    /// drawn together.
    fileprivate var ranges: String {
        var runs: [ClosedRange<Int>] = []
        for number in self {
            if let run = runs.last, run.upperBound + 1 == number {
                runs[runs.count - 1] = run.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        let parts = runs.flatMap { run in
            run.count > 2 ? ["\(run.lowerBound) to \(run.upperBound)"] : run.map(String.init)
        }
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " or " + last
    }
}
