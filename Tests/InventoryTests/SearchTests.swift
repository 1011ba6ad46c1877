import Inventory
import Testing

@Suite struct SearchTests {
    @Test(arguments: [
        ("", Search.all), (" ", .all), ("+", .all), ("(", .all), ("55", .digits("55")),
        (" 55", .digits("55")), ("(84) 9", .digits("849")), ("84-91", .digits("8491")),
        ("%", .nothing), ("_", .nothing), ("' OR 1=1", .nothing), ("abc", .nothing),
        ("٥٥", .nothing), ("1234567890123456", .nothing),
        ("\u{202A}+55 84\u{202C}", .digits("5584")), ("\u{200E}84\u{200B}", .digits("84")),
        ("\u{FEFF}84", .digits("84")), ("tel:+55-84", .digits("5584")), ("tel:", .all),
        ("TEL: 5584;ext=7", .digits("5584")), ("tel:abc", .nothing), ("0", .digits("0")),
        ("0055", .digits("0055")), ("00123456", .digits("00123456")),
        ("0055 84 3201-000", .digits("0055843201000", or: ["55843201000"])),
        // Fifteen digits that begin with 0 are in no number.
        ("0055 84 91234-4321", .digits("5584912344321")),
        ("084 91234-4321", .digits("084912344321", or: ["84912344321"])),
        ("011 1 212 555-0123", .digits("01112125550123", or: ["1112125550123", "12125550123"])),
        ("01234567890123456", .nothing),
        // A first group that is an international prefix
        ("00 55 84", .digits("005584", or: ["5584"])),
        ("(011) 1-212", .digits("0111212", or: ["111212", "1212"])),
        ("0011 55", .digits("001155", or: ["1155", "55"])), ("00 ", .digits("00")),
        ("0011 1 212 555-0123", .digits("1112125550123", or: ["12125550123"])),
    ])
    func readsDigitsAndIgnoresFormatting(text: String, search: Search) {
        #expect(Search(text) == search)
    }

    @Test(arguments: [
        ("+55 84", "5584"), ("5584", "5584"), (" (55) 84-9", "55849"),
        ("123456789012345", "123456789012345"), ("\u{202A}+55\u{200B}", "55"), ("0055 84", "5584"),
        ("011 1", "1"), ("0011 55 84", "5584"), ("00115584", "5584"), ("tel:+5584", "5584"),
        ("", nil), ("+", nil), (" ", nil),
    ])
    func readsAPrefix(text: String, digits: String?) throws {
        #expect(try DigitPrefix(text)?.digits == digits)
    }

    @Test(arguments: [
        ("abc", "may contain digits"), ("55%", "may contain digits"), ("٥٥", "may contain digits"),
        ("1234567890123456", "must have at most 15 digits"),
        ("0", "must begin with a country code"),
        ("00", "must begin with a country code"), ("084", "must begin with a country code"),
        ("011", "must begin with a country code"), ("0002", "must begin with a country code"),
        (String(repeating: "5", count: 257), "must have at most 15 digits"),
    ])
    func refusesAnImpossiblePrefix(text: String, reason: String) throws {
        let error = try #require(throws: InvalidValue.self) { try DigitPrefix(text) }
        #expect(error.reason.hasPrefix(reason))
    }

    @Test(arguments: [
        ("4321", "%4321"), (" …43 21", "%4321"), ("...4321", "%4321"), ("(001)-2", "%0012"),
        ("\u{202A}321\u{200B}", "%321"), ("123456789012345", "%123456789012345"),
        ("+55 84 91234-4321", "5584912344321"), ("", nil), ("…", nil), ("+", nil),
        ("0055 84 91234-4321", "%5584912344321"), ("084 91234-4321", "%84912344321"),
        ("011 1 212 555-0123", "%12125550123"), ("+00 55 84 91234-4321", "%5584912344321"),
        ("0012 3456", "%00123456"),
    ])
    func readsASuffix(text: String, pattern: String?) throws {
        #expect(try DigitSuffix(text)?.pattern == pattern)
    }

    @Test(arguments: [
        ("21", "must have at least 3 digits"), ("1234567890123456", "must have at most 15 digits"),
        (String(repeating: "5", count: 257), "must have at most 15 digits"),
        (String(repeating: "0", count: 17), "must have at most 15 digits"),
        ("43%", "may contain digits"), ("٣٢١", "may contain digits"),
    ])
    func refusesAnImpossibleSuffix(text: String, reason: String) throws {
        let error = try #require(throws: InvalidValue.self) { try DigitSuffix(text) }
        #expect(error.reason.hasPrefix(reason))
    }
}
