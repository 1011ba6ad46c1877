/// A change of a country's numbering plan that is newer than libphonenumber's tables.
struct NumberingChange: Sendable {
    /// The month of the change, such as "November 2024".
    let since: String
    /// The numbers that are no longer assigned; nil if the change only adds numbers.
    var former: NumberPattern?
    /// The numbers that are assigned now; nil if the change only removes numbers.
    var current: NumberPattern?

    /// Found by comparing the lengths in libphonenumber 8.12.57 with those in the PyPI package
    /// phonenumbers 9.0.43: see docs/decisions/0007-libphonenumber-and-later-changes.md.
    private static let all = [
        // Benin: ARCEP Bénin, 2024-11-30, https://fr.allafrica.com/stories/202411300249.html
        Self(since: "November 2024", former: "+229 NX XX XX XX", current: "+229 01 NX XX XX XX"),
        // Fixed lines of Nigeria: NCC, 2024-01-01,
        // https://www.vanguardngr.com/2023/09/ncc-changes-nigerias-fixed-phone-lines-numbering-format-to-10-digits/
        Self(since: "January 2024", former: "+234 X XXX XXXX", current: "+234 20X XXX XXXX"),
        Self(since: "January 2024", former: "+234 XX XXXXX"),

        // Additional numbers, with the release of libphonenumber that added them.
        Self(since: "December 2022", current: "+883 XXX XXX XX"),  // 8.13.3, 2022-12-21
        Self(since: "December 2022", current: "+883 XXX XXX XXXXX"),
        Self(since: "March 2023", current: "+508 708 XXX XXX"),  // 8.13.8, 2023-03-09
        Self(since: "September 2023", current: "+881 6 XXX XXXXXX"),  // 8.13.22, 2023-09-27
        Self(since: "March 2024", current: "+383 38 XXXXXXXX"),  // 8.13.32, 2024-03-06
        Self(since: "March 2024", current: "+383 38 XXXXXXXXX"),
        Self(since: "March 2024", current: "+383 38 XXXXXXXXXX"),
        Self(since: "August 2024", current: "+243 27 XX XXXX"),  // 8.13.44, 2024-08-22
        Self(since: "August 2024", current: "+243 57 XX XXX XXX"),
        Self(since: "October 2024", current: "+57 46XX XXXX"),  // 8.13.49, 2024-10-30
        Self(since: "October 2024", current: "+508 8XX XX XX XX"),
        Self(since: "May 2025", current: "+856 30 XX XX XXX"),  // 9.0.5, 2025-05-07
        Self(since: "September 2025", current: "+39 083 1XXX XXXXX"),  // 9.0.14, 2025-09-11
        Self(since: "August 2026", current: "+220 44 XXX XXXX"),  // 9.0.37, 2026-08-14
        Self(since: "August 2026", current: "+220 8X XXX XXXX"),
    ]

    private static let byCountryCode = Dictionary(grouping: all) { change in
        change.current?.countryCode ?? change.former?.countryCode ?? 0
    }

    static func concerns(_ number: PhoneNumber) -> Bool {
        byCountryCode.keys.contains { number.digits.hasPrefix("\($0)") }
    }

    static func inPlan(of countryCode: Int32) -> [NumberingChange] {
        byCountryCode[countryCode] ?? []
    }
}

/// The form of some numbers, as numbering plans write it: `N` is a digit from 2 to 9, `X` is any
/// digit.
struct NumberPattern: ExpressibleByStringLiteral, Sendable {
    private let text: String
    let countryCode: Int32
    /// How many digits follow the country code.
    let length: Int

    init(stringLiteral text: String) {
        self.text = text
        let code = text.dropFirst().prefix { $0 != " " }
        countryCode = Int32(code) ?? 0
        length = text.utf8.count { $0 != UInt8(ascii: " ") } - 1 - code.utf8.count
    }

    /// The digits of a number at `N` and `X`; nil if the number has another form.
    func variableDigits(of digits: String) -> [UInt8]? {
        let form = text.utf8.filter { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: " ") }
        guard form.count == digits.utf8.count else { return nil }
        var variable: [UInt8] = []
        for (expected, digit) in zip(form, digits.utf8) {
            switch expected {
            case UInt8(ascii: "X"): variable.append(digit)
            case UInt8(ascii: "N") where digit >= UInt8(ascii: "2"): variable.append(digit)
            case digit: break
            default: return nil
            }
        }
        return variable
    }

    func number(_ variableDigits: [UInt8]) -> String {
        var rest = variableDigits[...]
        let isVariable = [UInt8(ascii: "N"), UInt8(ascii: "X")].contains
        let bytes = text.utf8.map { isVariable($0) ? rest.popFirst() ?? $0 : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
