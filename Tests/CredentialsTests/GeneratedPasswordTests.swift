import Credentials
import Inventory
import Testing

@Suite struct GeneratedPasswordTests {
    @Test func isLongAndNeverTheSame() throws {
        let texts = (0..<100).map { _ in GeneratedPassword().text }
        #expect(Set(texts).count == 100)
        for text in texts {
            #expect(text.wholeMatch(of: /([a-z2-9]{5}-){3}[a-z2-9]{5}/) != nil)
            #expect(throws: Never.self) { try Password(chosen: text) }
        }
    }
}
