import Inventory
import Testing

@Suite struct SearchTests {
    @Test(arguments: [
        ("", Search.all), (" ", .all), ("+", .all), ("(", .all), ("55", .digits("55")),
        (" 55", .digits("55")), ("(84) 9", .digits("849")), ("84-91", .digits("8491")),
        ("%", .nothing), ("_", .nothing), ("' OR 1=1", .nothing), ("abc", .nothing),
        ("٥٥", .nothing), ("1234567890123456", .nothing),
    ])
    func readsDigitsAndIgnoresFormatting(text: String, search: Search) {
        #expect(Search(text) == search)
    }

    @Test(arguments: [
        ("+55 84", "5584"), ("5584", "5584"), (" (55) 84-9", "55849"), ("0", "0"),
        ("123456789012345", "123456789012345"), ("", nil), ("+", nil), (" ", nil),
    ])
    func readsAPrefix(text: String, digits: String?) throws {
        #expect(try DigitPrefix(text)?.digits == digits)
    }

    @Test(arguments: [
        ("abc", "may contain digits"), ("55%", "may contain digits"), ("٥٥", "may contain digits"),
        ("1234567890123456", "must have at most 15 digits"),
        (String(repeating: " ", count: 257), "may contain digits"),
    ])
    func refusesAnImpossiblePrefix(text: String, reason: String) throws {
        let error = try #require(throws: InvalidValue.self) { try DigitPrefix(text) }
        #expect(error.reason.hasPrefix(reason))
    }
}
