import Credentials
import Inventory
import Testing

@Suite struct SessionTokenTests {
    @Test func randomTokensDiffer() {
        let tokens = (0..<1000).map { _ in SessionToken.random() }
        #expect(Set(tokens.map(\.text)).count == 1000)
        #expect(Set(tokens.map(\.digest)).count == 1000)
        for token in tokens {
            #expect(token.text.wholeMatch(of: /ctk_[A-Za-z0-9_-]{43}/) != nil)
            #expect(SessionToken(token.text) == token)
        }
    }

    /// The digest was computed with Python's hashlib.
    @Test func hasTheDigestOfItsText() throws {
        let token = try #require(SessionToken("ctk_" + String(repeating: "A", count: 43)))
        #expect(
            token.digest.bytes == [
                151, 2, 224, 66, 185, 236, 147, 90, 52, 212, 58, 182, 78, 100, 59, 237,
                242, 203, 129, 206, 98, 183, 42, 3, 27, 99, 224, 41, 143, 168, 249, 230,
            ])
    }

    @Test(arguments: [
        "", "ctk_", "ctk_" + String(repeating: "A", count: 42),
        "ctk_" + String(repeating: "A", count: 44), String(repeating: "A", count: 47),
        "CTK_" + String(repeating: "A", count: 43), "ctk_" + String(repeating: "é", count: 43),
        "ctk_" + String(repeating: "A", count: 42) + "=",
        "ctk_" + String(repeating: "+", count: 43), " ctk_" + String(repeating: "A", count: 43),
        "ctk_" + String(repeating: "A", count: 100_000),
    ])
    func rejectsMalformedTokens(text: String) {
        #expect(SessionToken(text) == nil)
    }

    @Test func isNotShown() {
        let token = SessionToken.random()
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: [token]), dumped] {
            #expect(!text.contains(token.text.dropFirst(4)))
        }
    }
}
