import Inventory
import Testing

@Suite struct SearchTests {
    @Test(arguments: [
        ("", Search.all), (" ", .all), ("+", .all), ("(", .all), ("55", .digits("55")),
        (" 55", .digits("55")), ("(84) 9", .digits("849")), ("84-91", .digits("8491")),
        ("%", .nothing), ("_", .nothing), ("' OR 1=1", .nothing), ("abc", .nothing),
        ("٥٥", .nothing), ("1234567890123456", .nothing),
    ])
    func readsWhatAPersonTyped(text: String, search: Search) {
        #expect(Search(text) == search)
    }
}
