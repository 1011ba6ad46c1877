import Inventory
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        ("\u{1B}]0;x\u{7}", #"\u{1B}]0;x\u{7}"#),
        ("a\nb\t\u{7F}\u{9B}", #"a\u{A}b\u{9}\u{7F}\u{9B}"#),
        ("\u{202E}cod.csv\u{2066}\u{FEFF}\u{200B}", #"\u{202E}cod.csv\u{2066}\u{FEFF}\u{200B}"#),
        ("plain", "plain"), ("é € 日本 e\u{301}\u{A0}ü", "é € 日本 e\u{301}\u{A0}ü"), ("", ""),
    ])
    func invisibleCharactersAreShown(text: String, shown: String) {
        #expect(text.showingInvisibles() == shown)
        #expect(text.shortened == shown)
    }

    @Test func longTextIsCutBeforeInvisibleCharactersAreShown() {
        let shown = String(repeating: #"\u{1B}"#, count: 16) + "…"
        #expect(String(repeating: "\u{1B}", count: 65).shortened == shown)
    }
}
