import Testing

@testable import Inventory

@Suite struct IdempotencyTests {
    @Test(arguments: [
        ("a", true), ("~!\"\\", true), (String(repeating: "k", count: 255), true), ("", false),
        (String(repeating: "k", count: 256), false), ("a b", false), ("a\n", false), ("é", false),
        ("\u{7F}", false),
    ])
    func keyHasVisibleASCIICharacters(text: String, isGood: Bool) {
        #expect(((try? IdempotencyKey(text, of: "ana")) != nil) == isGood)
    }

    @Test(arguments: [(65536, 65536), (65537, #"{"change":7}"#.utf8.count)])
    func longBodyIsReplacedByItsChange(count: Int, stored: Int) {
        let body = [UInt8](repeating: UInt8(ascii: " "), count: count)
        #expect(ChangeResponse(status: 201, change: 7, body: body).bounded.body.count == stored)
    }

    @Test func digestKeepsPartsApart() {
        let digests = [["ab", "c"], ["a", "bc"], ["abc", nil], [nil, "abc"]].map(RequestDigest.init)
        #expect(Set(digests.map(\.text)).count == 4)
    }
}
