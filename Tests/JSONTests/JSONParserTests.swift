import Testing

@testable import JSON

@Suite struct JSONParserTests {
    @Test(arguments: [
        #"{"b":1,"a":[true,false,null,"x"],"b":-0.50e+3}"#, "[]", "{}", "0", "-1", #""""#,
        #""é€😀""#,
    ])
    func writesWhatItRead(text: String) throws {
        #expect(String(decoding: try JSONParser.parse(text).text, as: UTF8.self) == text)
    }

    @Test(arguments: [
        (#""\u00e9\u20AC\ud83d\ude00""#, #""é€😀""#),
        (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\u0008\u000c\n\u000d\u0009""#),
        (" \t\r\n[ 1 , 2 ] ", "[1,2]"),
        ("\u{FEFF}{}", "{}"),
    ])
    func readsOtherSpellings(text: String, compact: String) throws {
        #expect(String(decoding: try JSONParser.parse(text).text, as: UTF8.self) == compact)
    }

    @Test(arguments: [
        "", "{", #"{"a""#, #"{"a":"#, #"{"a":1"#, "[1,", #""abc"#, #""\"#, #""\u12"#, "nul", "-",
        "1.", "1e",
    ])
    func endIsReportedWithItsPosition(text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
        let column = text.unicodeScalars.count + 1
        #expect(error == JSONSyntaxError(reason: "unexpected end", line: 1, column: column))
    }

    @Test(arguments: [
        ("nulL", "unexpected L", 1, 4),
        ("{,}", "expected a name in double quotes", 1, 2),
        ("{a:1}", "expected a name in double quotes", 1, 2),
        (#"{"a" 1}"#, "expected a colon", 1, 6),
        (#"{"a":1 "b":2}"#, #"unexpected " instead of a comma or }"#, 1, 8),
        (#"{"a":1,}"#, "a comma must not precede }", 1, 8),
        ("[1,]", "a comma must not precede ]", 1, 4),
        ("[1 2]", "unexpected 2 instead of a comma or ]", 1, 4),
        ("{\n  \"ação\": x\n}", "unexpected x", 2, 11),
        ("01", "a number must not start with 0", 1, 2),
        ("1.e3", "unexpected e instead of a digit", 1, 3),
        ("+1", "unexpected +", 1, 1),
        (".5", "unexpected .", 1, 1),
        ("NaN", "unexpected N", 1, 1),
        ("'a'", "strings are written in double quotes", 1, 1),
        ("/* */ 1", "comments are not part of JSON", 1, 1),
        ("1 2", "more text after the value", 1, 3),
        ("\"a\nb\"", "a control character in a string must be escaped", 1, 3),
        (#""\x""#, #"unknown escape \x"#, 1, 2),
        (#""\u12G4""#, #"\u needs four hexadecimal digits"#, 1, 6),
        (#""\ud800""#, "half of a surrogate pair", 1, 2),
        (#""\ud800\u0041""#, "half of a surrogate pair", 1, 2),
        (#""\udc00""#, "half of a surrogate pair", 1, 2),
        ("\u{A0}1", "unexpected U+A0", 1, 1),
    ])
    func reportsErrorAndPosition(text: String, reason: String, line: Int, column: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
        #expect(error == JSONSyntaxError(reason: reason, line: line, column: column))
    }

    @Test func refusesDeepNesting() throws {
        let fine = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        _ = try JSONParser.parse(fine)
        #expect(throws: JSONSyntaxError.self) {
            try JSONParser.parse(String(repeating: "[{\"a\":", count: 30_000))
        }
    }
}
