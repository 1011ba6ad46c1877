import Inventory
import Testing

/// A text is refused unless it is exactly one number.
@Suite struct PhoneNumberSingleTests {
    @Test(arguments: [
        ("+7 495 123-45-67", "74951234567"), ("+7(495)123-45-67", "74951234567"),
        ("+375 29 123-45-67", "375291234567"), ("+33 1-23-45-67-89", "33123456789"),
        ("+48 12-345-67-89", "48123456789"), ("+86 755-1234-5678", "8675512345678"),
        ("+43 5522-12345", "43552212345"), ("+39 06-12345678", "390612345678"),
        ("+44 (0)20-7946-0018", "442079460018"), ("+81 3-1234-5678", "81312345678"),
        ("+1 (212) 5550100", "12125550100"), ("+1 212.555.0100", "12125550100"),
        ("+1.2125550100", "12125550100"), ("+55.84.91234.4321", "5584912344321"),
        ("+55 84 91234.0000", "5584912340000"), ("+49 30 1234567", "49301234567"),
    ])
    func oneNumberIsAccepted(text: String, digits: String) throws {
        #expect(try PhoneNumber(text).digits == digits)
    }

    @Test(arguments: [
        ("+39 06 1234500-99", "+39 06 1234 50099", "+39 06 123 4500", "hyphen"),
        ("+39 06 1234500\u{2013}99", "+39 06 1234 50099", "+39 06 123 4500", "hyphen"),
        ("+49 30 12345 - 67", "+49 30 1234567", "+49 30 12345", "hyphen"),
        ("+493012345-67", "+49 30 1234567", "+49 30 12345", "hyphen"),
        ("+49 30 12345-67-", "+49 30 1234567", "+49 30 12345", "hyphen"),
        ("+39 06 1234500-99 ()", "+39 06 1234 50099", "+39 06 123 4500", "hyphen"),
        ("+43 1 58858-0", "+43 1 588580", "+43 1 58858", "hyphen"),
        ("+49 30 12345 (67)", "+49 30 1234567", "+49 30 12345", "parentheses"),
    ])
    func lastGroupWithTwoMeaningsIsRefused(
        text: String, one: String, before: String, mark: String
    ) {
        let reason = """
            has two meanings: one number \(one), or an extension or range after \(before)? Write one \
            number per row, without the \(mark)
            """
        for check in NumberCheck.allCases {
            #expect(throws: InvalidValue(reason)) { try PhoneNumber(text, numberCheck: check) }
        }
    }

    @Test(
        arguments: ["..", "...", "\u{2026}", "/", " to ", " bis ", "~"].map {
            ("+39 06 1234500\($0)99", "+39 06 123 4500 and +39 06 123 4599")
        }
            + [
                " / 4321", ", 4321", "; 4321", " or 4321", " OU 4321", " & 4321", "-4321",
                " \u{2013} 4321", " a 91234-4321", "\n4321", " / +55 84 91234-4321",
                " +5584912344321", "\r\n+5584912344321", ", 4321, 4322",
            ].map { ("+55 84 91234-4320" + $0, "+55 84 91234-4320 and +55 84 91234-4321") })
    func severalNumbersAreRefused(text: String, examples: String) {
        let reason =
            "is a range or several numbers: write one number per row, such as \(examples)"
        #expect(throws: InvalidValue(reason)) { try PhoneNumber(text) }
    }

    @Test(arguments: [
        ("+4930231251.0", "ends with .0: a spreadsheet turned it into a decimal number"),
        ("4930231251.0", "ends with .0: a spreadsheet turned it into a decimal number"),
        ("+5584912344321.0", "ends with .0: a spreadsheet turned it into a decimal number"),
        ("+49 30 231251,00", "ends with ,00: a spreadsheet turned it into a decimal number"),
        ("+4930231251.0000", "ends with .0000: a spreadsheet turned it into a decimal number"),
        ("5.58491E+12", "is in scientific notation: a spreadsheet lost the last digits"),
        ("+5,58491e12", "is in scientific notation: a spreadsheet lost the last digits"),
    ])
    func damageBySpreadsheetsIsExplained(text: String, reason: String) throws {
        let refusal = try #require(throws: InvalidValue.self) { try PhoneNumber(text) }
        #expect(refusal.reason.hasPrefix(reason + "; format the column as text and export again"))
    }
}
