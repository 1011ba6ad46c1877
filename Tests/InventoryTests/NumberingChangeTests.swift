import Foundation
import Inventory
import Testing

/// Numbers that libphonenumber's tables do not know, and the check `e164`, which knows only
/// country codes.
@Suite struct NumberingChangeTests {
    @Test(arguments: [
        ("+2290195123456", "+229 01 95 12 34 56"), ("+2342014630643", "+234 201 463 0643"),
        ("+229 0120211234", "+229 01 20 21 12 34"), ("+508708401234", "+508 708 401 234"),
        ("+8816123456789", "+881 6 123 456789"), ("+220861234567", "+220 86 123 4567"),
        ("+85630123 4567", "+856 30 12 34 567"), ("+38338123456789", "+383 38 123456789"),
    ])
    func laterNumbersAreAcceptedAndFormatted(text: String, formatted: String) throws {
        for check in NumberCheck.allCases {
            let number = try PhoneNumber(text, numberCheck: check)
            #expect(number.formatted == formatted)
            #expect(try PhoneNumber(formatted, numberCheck: check) == number)
        }
    }

    @Test(arguments: [
        (
            "+22995123456",
            """
            is a former number: +229 95 12 34 56 has been +229 01 95 12 34 56 since November 2024
            """
        ),
        (
            "+234 1 463 0643",
            "is a former number: +234 1 463 0643 has been +234 201 463 0643 since January 2024"
        ),
        ("+234 42 12345", "is too short for Nigeria: 10 digits after +234, not 7"),
        ("+229 01 95 12 34", "is too short for Benin: 10 digits after +229, not 8"),
        ("+57 1 234 5678", "is too short for Colombia: 10 digits after +57, not 8"),
        ("+229 95 12 34 56 78", "is in no range of Benin that is in use"),
        ("+229 01 95 12 34 567", "is too long for Benin: 10 digits after +229, not 11"),
    ])
    func formerNumbersAreRefused(text: String, reason: String) throws {
        for check in [NumberCheck.possible, .valid] {
            #expect(throws: InvalidValue(reason)) { try PhoneNumber(text, numberCheck: check) }
        }
        #expect(try PhoneNumber(text, numberCheck: .e164).formatted.hasPrefix("+"))
    }

    @Test func rangeOfALaterNumberIsThatOfItsFormerNumber() {
        #expect(throws: InvalidValue("is in no range of Benin that is in use")) {
            try PhoneNumber("+229 01 31 12 34 56", numberCheck: .valid)
        }
    }

    @Test(arguments: [
        ("+55 84 9123-43", "5584912343"), ("+55 84 91234-43210", "55849123443210"),
        ("+2000397800548", "2000397800548"), ("+1 234 567", "1234567"),
        ("+39 00000", "3900000"), ("+999 1234567", nil), ("+210 1234567", nil),
        ("+1 23456", nil), ("+55 84 91234-43210987", nil),
    ])
    func e164AcceptsEveryLengthOfAnAssignedCountryCode(text: String, digits: String?) throws {
        guard let digits else {
            #expect(throws: InvalidValue.self) { try PhoneNumber(text, numberCheck: .e164) }
            return
        }
        let number = try PhoneNumber(text, numberCheck: .e164)
        #expect(number.digits == digits)
        #expect(try PhoneNumber(number.formatted, numberCheck: .e164) == number)
        #expect(throws: InvalidValue.self) { try PhoneNumber(text) }
    }

    static let packages = try? String(contentsOfFile: "/var/lib/dpkg/status", encoding: .utf8)

    @Test(.enabled(if: packages?.contains("\nPackage: libphonenumber8\n") == true))
    func ageOfTheTablesIsThatOfTheLibrary() throws {
        let package = try #require(
            Self.packages?.components(separatedBy: "\n\n")
                .first { $0.contains("Package: libphonenumber8\n") })
        let version = try #require(package.firstMatch(of: /\nVersion: ([0-9.]+)/)).1
        #expect(PhoneNumber.tables.hasPrefix("libphonenumber \(version) of "))
    }
}
