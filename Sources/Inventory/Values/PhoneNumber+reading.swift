internal import CPhoneNumber
internal import Foundation

extension PhoneNumber.Reading {
    /// - Throws: ``InvalidValue`` unless the text is exactly one number.
    init(_ text: String, _ check: NumberCheck) throws(InvalidValue) {
        let plain: String
        do throws(InvalidValue) {
            plain = try PhoneNumber.plain(text)
            self = try Self(plain: plain, check)
        } catch {
            throw InvalidValue((PhoneNumber.misreading(of: text, isRefused: true) ?? error).reason)
        }
        if error != nil || plain.utf8.contains(UInt8(ascii: ".")),
            let misreading = PhoneNumber.misreading(of: text, isRefused: error != nil)
        {
            throw misreading
        }
        if error == nil { try PhoneNumber.checkLastGroup(of: plain, readAs: number) }
    }

    init(plain: String, _ check: NumberCheck) throws(InvalidValue) {
        var result = cpn_number()
        let status = cpn_parse(plain, check.value, &result)
        // Read a number even if it does not pass the check: the store may contain it already.
        guard
            status == CPN_OK || status == CPN_WRONG_LENGTH
                || status == CPN_AMBIGUOUS && cpn_parse(plain, CPN_E164, &result) == CPN_OK
        else { throw result.error(status) }
        let digits = result.digits
        let changes = NumberingChange.inPlan(of: result.country_code)
        let formatted = changes.lazy.compactMap { $0.currentForm(of: digits) }.first
        number = PhoneNumber(
            storedDigits: digits, formatted: formatted ?? text(in: result.international))
        error =
            check == .e164
            ? nil
            : changes.lazy.compactMap { $0.formerNumber(digits) }.first
                ?? result.error(status, check, changes)
        guard PhoneNumber.digitCounts.contains(digits.utf8.count) else {
            throw error ?? PhoneNumber.wrongDigitCount(digits.utf8.count)
        }
    }
}

/// The text in a C array of characters.
private func text(in characters: some Any) -> String {
    withUnsafeBytes(of: characters) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
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
    /// The format of a number that the change added; nil if the change did not add it.
    fileprivate func currentForm(of digits: String) -> String? {
        current.flatMap { current in current.variableDigits(of: digits).map(current.number) }
    }

    /// The error for a former number that the change replaced; nil for any other number.
    fileprivate func formerNumber(_ digits: String) -> InvalidValue? {
        guard let former, let current, let variable = former.variableDigits(of: digits) else {
            return nil
        }
        return InvalidValue(
            """
            is a former number: \(former.number(variable)) has been \(current.number(variable)) \
            since \(since)
            """)
    }

    /// Whether the change added the number. If the change replaced a former number, that one must
    /// have been in use.
    fileprivate func isInUse(_ digits: String) -> Bool {
        guard let variable = current?.variableDigits(of: digits) else { return false }
        guard let former else { return true }
        var number = cpn_number()
        return cpn_parse(former.number(variable), CPN_VALID, &number) == CPN_OK && number.is_valid
    }
}

private let english = Locale(identifier: "en")

extension cpn_number {
    /// The country code and the other digits, without the `+`.
    fileprivate var digits: String { String(text(in: e164).dropFirst()) }

    /// The country's name, such as "Brazil", or the country code if no single country has it.
    private var country: String {
        let code = text(in: region)
        // 001 means "no country" to libphonenumber, and "world" to Foundation.
        let name =
            code == "001" ? nil : english.localizedString(forRegionCode: code)
        return name ?? "the country code +\(country_code)"
    }

    fileprivate func error(_ status: cpn_status) -> InvalidValue {
        switch status {
        case CPN_UNKNOWN_COUNTRY_CODE: InvalidValue("has an unknown country code")
        case CPN_AMBIGUOUS:
            InvalidValue(
                """
                would be read as another number: \(country)'s do not begin like this after \
                +\(country_code); leave out what is dialled only inside the country
                """)
        case CPN_TOO_SHORT: InvalidValue("is too short for a phone number")
        case CPN_TOO_LONG: InvalidValue("is too long for a phone number")
        default: InvalidValue("is not a phone number")
        }
    }

    /// Why the number does not pass the check; nil if it does.
    fileprivate func error(
        _ status: cpn_status, _ check: NumberCheck, _ changes: [NumberingChange]
    ) -> InvalidValue? {
        guard status == CPN_OK || status == CPN_WRONG_LENGTH else { return error(status) }
        let isFormer = changes.contains { $0.former?.length == Int(national_digits) }
        if status == CPN_WRONG_LENGTH || isFormer,
            !changes.contains(where: { $0.currentForm(of: digits) != nil })
        {
            return InvalidValue(lengthReason(lengths(after: changes)))
        }
        if check != .valid || is_valid || changes.contains(where: { $0.isInUse(digits) }) {
            return nil
        }
        return InvalidValue(unknownRange)
    }

    private var unknownRange: String {
        "is in no range of \(country) that is in use"
    }

    /// A message such as "is too short for Brazil: 10 or 11 digits after +55, not 8".
    private func lengthReason(_ lengths: [Int]) -> String {
        let length = Int(national_digits)
        if lengths.contains(length) { return unknownRange }
        let problem =
            if length < lengths.first ?? 0 {
                "is too short"
            } else if length > lengths.last ?? .max {
                "is too long"
            } else {
                "has the wrong length"
            }
        let noun = lengths == [1] ? "digit" : "digits"
        return """
            \(problem) for \(country): \(lengths.list) \(noun) after +\(country_code), \
            not \(length)
            """
    }

    private func lengths(after changes: [NumberingChange]) -> [Int] {
        var lengths = Set((1...17).filter { possible_lengths & (1 << UInt32($0)) != 0 })
        let renumberings = changes.filter { $0.former != nil }
        lengths.subtract(renumberings.compactMap(\.former?.length))
        return lengths.union(renumberings.compactMap(\.current?.length)).sorted()
    }
}

extension [Int] {
    /// Ascending numbers as text: "8", "10 or 11", "5 to 15", "4, 7 or 9".
    fileprivate var list: String {
        guard let first, let last, count > 1 else { return first.map(String.init) ?? "" }
        if count > 2, last - first == count - 1 { return "\(first) to \(last)" }
        return dropLast().map(String.init).joined(separator: ", ") + " or \(last)"
    }
}
