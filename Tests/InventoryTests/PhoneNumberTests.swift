import Inventory
import Testing

@Suite struct PhoneNumberTests {
    private static let characters =
        "may contain only digits, spaces, hyphens, dots and parentheses after the +"
    private static let alone = "must be the number alone, without an extension or a tel: prefix"
    private static let plus = "must contain one + only, at the start"

    @Test(arguments: [
        "+55 84 91234-4321", "+5584912344321", "+55 (84) 91234-4321", "+55.84.91234.4321",
        "  +55 84 91234-4321\t", "+55\u{A0}84\u{A0}91234\u{2011}4321", "+55 84 91234\u{2013}4321",
        "+55 0 84 91234-4321", "\u{A0}+55 84 91234-4321\r\n",
    ])
    func hasOneCanonicalForm(text: String) throws {
        let number = try PhoneNumber(text)
        #expect(number.digits == "5584912344321")
        #expect(number.formatted == "+55 84 91234-4321")
    }

    @Test(arguments: [
        ("+12125550100", "+1 212-555-0100"), ("+442079460000", "+44 20 7946 0000"),
        ("+80012345678", "+800 1234 5678"),
        // A nationwide number of Brazil: short, but in a known range.
        ("+5540041234", "+55 4004-1234"),
    ])
    func knowsEveryCountry(text: String, formatted: String) throws {
        #expect(try PhoneNumber(text).formatted == formatted)
    }

    @Test(arguments: [
        ("", "must not be empty"), ("   ", "must not be empty"),
        ("84 91234-4321", "must start with + and the country code"),
        ("005584912344321", "must start with + and the country code, not with 00"),
        ("+", "must have digits after the +"), ("+abc", characters),
        ("+55 84 9123A-4321", characters), ("00<script>", characters),
        ("+1234", "must have 7 to 15 digits (E.164), not 4"),
        ("+5584912344321567", "must have 7 to 15 digits (E.164), not 16"),
        ("+0 84 91234-4321", "has no country code: none starts with 0"),
        ("+55 84 9123-43", "is too short for Brazil: 10 or 11 digits after +55, not 8"),
        ("+55 84 91234-43210", "is too long for Brazil: 10 or 11 digits after +55, not 12"),
        ("+1 212 555 010", "is too short for United States: 10 digits after +1, not 9"),
        ("+999 1234 5678", "has an unknown country code"), ("++5584912344321", plus),
        ("+55+84912344321", plus), ("(84) +55 91234-4321", plus),
        ("+55 (84 91234-4321", "has parentheses that do not match"),
        ("+55 84) 91234-4321", "has parentheses that do not match"),
        ("+٥٥ 84 91234-4321", "must use the digits 0-9"),
        ("+５５ 84 91234-4321", "must use the digits 0-9"),
        ("+55\u{202E} 84 91234-4321", "contains an invisible character at position 4"),
        ("+55 \u{200B}84 91234-4321", "contains an invisible character at position 5"),
        ("+55\n84 91234-4321", "contains an invisible character at position 4"),
        ("+55 84 91234-4321\u{0}", "contains a NUL character"), ("+55 84 3201-0000 ext. 5", alone),
        ("+55 84 3201-0000x5", alone),
        ("tel:+55-84-3201-0000", alone),
        (String(repeating: "1", count: 10_000), "is too long: 32 characters at most"),
        (
            "\u{2019}+5584912344321",
            "contains \u{2019}: only digits, spaces, hyphens, dots and parentheses may follow the +"
        ),
        (
            "+2000397800548",
            """
            would be read as another number: Egypt's do not begin like this after +20; leave out \
            what is dialled only inside the country
            """
        ),
        // The part before the mark is no number.
        ("+49 30/1234567", characters), ("+55 84 9123/4321", characters),
        ("+55 84 9XXXX-4321", characters), ("+55 84 / 3201", characters),
    ])
    func isRefused(text: String, reason: String) {
        #expect(throws: InvalidValue(reason)) { try PhoneNumber(text) }
    }

    @Test func strictCheckRequiresKnownRanges() throws {
        // The length is right, but Brazil has no area code 20.
        #expect(try PhoneNumber("+55 20 91234-4321").digits == "5520912344321")
        #expect(throws: InvalidValue("is in no range of Brazil that is in use")) {
            try PhoneNumber("+55 20 91234-4321", numberCheck: .valid)
        }
    }
}
