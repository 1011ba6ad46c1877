internal import CPhoneNumber

extension PhoneNumber.Reading {
    /// Reads one number from `text`.
    ///
    /// - Throws: ``InvalidValue`` if the text is not exactly one number.
    init(_ text: String, _ check: NumberCheck) throws(InvalidValue) {
        let plain: String
        do throws(InvalidValue) {
            plain = try PhoneNumber.plain(text)
            self = try Self(plain: plain, check)
        } catch {
            throw InvalidValue((PhoneNumber.misreading(of: text, isRefused: true) ?? error).reason)
        }
        if refusal != nil || plain.utf8.contains(UInt8(ascii: ".")),
            let misreading = PhoneNumber.misreading(of: text, isRefused: refusal != nil)
        {
            throw misreading
        }
        if refusal == nil { try PhoneNumber.checkLastGroup(of: plain, readAs: number) }
    }

    /// Reads a text that contains only what may be written in a number.
    init(plain: String, _ check: NumberCheck) throws(InvalidValue) {
        var result = cpn_number()
        let status = cpn_parse(plain, check.value, &result)
        // A store may have the number even if it does not pass the check.
        guard
            status == CPN_OK || status == CPN_WRONG_LENGTH
                || status == CPN_AMBIGUOUS && cpn_parse(plain, CPN_E164, &result) == CPN_OK
        else { throw InvalidValue(status, result) }
        let digits = result.digits
        let changes = NumberingChange.inPlan(of: result.country_code)
        let formatted = changes.lazy.compactMap { $0.currentForm(of: digits) }.first
        number = PhoneNumber(
            storedDigits: digits, formatted: formatted ?? PhoneNumber.text(in: result.international)
        )
        refusal =
            check == .e164
            ? nil
            : changes.lazy.compactMap { $0.refusal(of: digits) }.first
                ?? result.refusal(status, check, changes)
        do { try PhoneNumber.checkCount(digits.utf8.count) } catch { throw refusal ?? error }
    }
}

extension PhoneNumber {
    /// The text in what C declares as an array of characters.
    fileprivate static func text(in characters: some Any) -> String {
        withUnsafeBytes(of: characters) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

extension NumberCheck {
    fileprivate var value: cpn_check {
        switch self {
        case .possible: CPN_POSSIBLE
        case .valid: CPN_VALID
        case .e164: CPN_E164
        }
    }
}

extension NumberingChange {
    /// The number as it is shown; nil if the change did not add it.
    fileprivate func currentForm(of digits: String) -> String? {
        current.flatMap { current in current.variableDigits(of: digits).map(current.number) }
    }

    /// Explains how a number of the former plan is written now; nil for any other.
    fileprivate func refusal(of digits: String) -> InvalidValue? {
        guard let former, let current, let variable = former.variableDigits(of: digits) else {
            return nil
        }
        return InvalidValue(
            """
            is a former number: \(former.number(variable)) has been \(current.number(variable)) \
            since \(since)
            """)
    }

    /// Whether the change added the number, and libphonenumber knows its former range, if it had one.
    fileprivate func isInUse(_ digits: String) -> Bool {
        guard let variable = current?.variableDigits(of: digits) else { return false }
        guard let former else { return true }
        var number = cpn_number()
        return cpn_parse(former.number(variable), CPN_VALID, &number) == CPN_OK && number.is_valid
    }
}

extension InvalidValue {
    fileprivate init(_ status: cpn_status, _ number: cpn_number, lengths: [Int] = []) {
        switch status {
        case CPN_UNKNOWN_COUNTRY_CODE: self.init("has an unknown country code")
        case CPN_WRONG_LENGTH:
            self.init(
                """
                \(number.deviation(from: lengths)) for \(number.country): \
                \(number.expectedLength(lengths))
                """)
        case CPN_AMBIGUOUS:
            self.init(
                """
                would be read as another number: \(number.country)'s do not begin like this after \
                +\(number.country_code); leave out what is dialled only inside the country
                """)
        case CPN_TOO_SHORT: self.init("is too short for a phone number")
        case CPN_TOO_LONG: self.init("is too long for a phone number")
        default: self.init("is not a phone number")
        }
    }
}

extension cpn_number {
    /// Without the `+`.
    fileprivate var digits: String { String(PhoneNumber.text(in: e164).dropFirst()) }

    /// Such as "Brazil", or the code where it belongs to no single country.
    fileprivate var country: String {
        RegionName.english(PhoneNumber.text(in: region)) ?? "the country code +\(country_code)"
    }

    /// Why the number does not pass the check; nil if it does.
    fileprivate func refusal(
        _ status: cpn_status, _ check: NumberCheck, _ changes: [NumberingChange]
    ) -> InvalidValue? {
        let length = Int(national_digits)
        guard status == CPN_OK || status == CPN_WRONG_LENGTH else {
            return InvalidValue(status, self)
        }
        let isFormer = changes.contains { $0.former?.length == length }
        if status == CPN_WRONG_LENGTH || isFormer,
            !changes.contains(where: { $0.currentForm(of: digits) != nil })
        {
            return InvalidValue(lengthRefusal(lengths(after: changes)).reason)
        }
        if check != .valid || is_valid || changes.contains(where: { $0.isInUse(digits) }) {
            return nil
        }
        return unknownRange
    }

    private func lengthRefusal(_ lengths: [Int]) -> InvalidValue {
        lengths.contains(Int(national_digits))
            ? unknownRange : InvalidValue(CPN_WRONG_LENGTH, self, lengths: lengths)
    }

    private var unknownRange: InvalidValue {
        InvalidValue("lies in no range of \(country) that is known to be in use")
    }

    private func lengths(after changes: [NumberingChange]) -> [Int] {
        var lengths = Set((1...17).filter { possible_lengths & (1 << UInt32($0)) != 0 })
        let renumberings = changes.filter { $0.former != nil }
        lengths.subtract(renumberings.compactMap(\.former?.length))
        return lengths.union(renumberings.compactMap(\.current?.length)).sorted()
    }

    fileprivate func deviation(from lengths: [Int]) -> String {
        if let shortest = lengths.first, national_digits < shortest { return "is too short" }
        if let longest = lengths.last, national_digits > longest { return "is too long" }
        return "has the wrong length"
    }

    /// Such as "10 or 11 digits after +55, not 8".
    fileprivate func expectedLength(_ lengths: [Int]) -> String {
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
