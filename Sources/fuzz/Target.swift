internal import HTTPTypes
internal import Hummingbird
internal import Inventory
// Only a build for debugging has what is internal; nobody fuzzes another.
internal import JSON

@testable internal import InventoryAPI

/// A parser, and what must be true of it for any text.
struct Target: Sendable {
    let name: String
    /// Texts to begin with.
    let samples: [String]
    /// What such texts are made of.
    let words: [String]
    /// How long a short text may take.
    var milliseconds = 50.0
    /// Whether the parser understands the text.
    ///
    /// - Throws: ``Broken``.
    let check: @Sendable (String) throws -> Bool

    static let all = [json, phone, price, query, tags, csv, ndjson, array, connection]

    private static let json = Target(
        name: "json",
        samples: [
            DemoNumbers(seed: 1).prefix(1).map { content in
                String(decoding: DIDNumber(id: 1, content: content).json.text, as: UTF8.self)
            }.joined(),
            #" [ 1 , -0.5e+10 , true , false , null , {} , [] , "" ] "#,
            #"{"a":{"b":[[[{"c":"\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t"}]]]}}"#, "\u{FEFF}1", "0",
        ],
        words: [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000",
            "true",
            "null", "-", "1.", "e+", "[[", "{\"a\":", "//", "'",
        ]
    ) { text in
        guard let value = try? JSONParser.parse(text) else { return false }
        let written = value.text
        let again = try reread(String(decoding: written, as: UTF8.self)) {
            try JSONParser.parse($0)
        }
        try expect(again.text == written, "what is written reads otherwise")
        return true
    }

    private static let phone = Target(
        name: "phone",
        samples: [
            "+55 84 91234-4321", "+1 (212) 555-2368", "+44 20 7946 0958", "+2000397800548",
            "+46 0860192",
            "+800 1234 5678", "+883 5100 0123 4567", "+39 06 698 12345", "+49 30 901820",
            "+7 495 123-45-67",
            "+54 9 11 2345-6789", "+52 1 55 1234 5678", "+298 123456", "+247 1234567",
            "+979 123456789",
        ],
        words: [
            "+", "00", "(", ")", "-", ".", " ", "ext", "x", ";", "#", "tel:", "\u{2010}",
            "\u{3000}",
            "0", "1", "55", "800", "044", "\u{0665}", "a",
        ]
    ) { text in
        var isAccepted = false
        for numberCheck in NumberCheck.allCases {
            guard let number = try? PhoneNumber(text, numberCheck: numberCheck) else { continue }
            isAccepted = true
            let again = try reread(number.formatted) {
                try PhoneNumber($0, numberCheck: numberCheck)
            }
            try expect(
                again.digits == number.digits
                    && again.formatted.utf8.elementsEqual(number.formatted.utf8),
                "\(number.formatted) (\(number.digits)) reads as \(again.formatted) (\(again.digits))"
            )
            let canonical = try reread("+" + number.digits) {
                try PhoneNumber($0, numberCheck: numberCheck)
            }
            try expect(
                canonical.digits == number.digits, "+\(number.digits) reads as \(canonical.digits)")
        }
        return isAccepted
    }

    private static let price = Target(
        name: "price",
        samples: [
            "0", "0.03", "3.4", "12.30", "999999999.9999", "0.0001", "1,234.56", "-1", "1e3",
            "R$ 1",
        ],
        words: [
            ".", ",", "-", "+", "e", "0", "9999", "000", " ", "'", "$", "BRL", "\u{0665}", "NaN",
        ]
    ) { text in
        guard let price = try? Price(text) else { return false }
        let again = try reread(price.description, Price.init(_:))
        try expect(
            again == price && again.description == price.description,
            "\(price) reads as \(again)")
        try expect(0...Price.largest ~= price.tenThousandths, "\(price) is out of its range")
        return true
    }

    private static let query = Target(
        name: "query",
        samples: [
            "page=2&perPage=50&sort=-monthyPrice,value&q=%2B55+84&currency=U%24", "q=", "&&page=1&",
            "q=a=b",
            "currency=R$", "sort=id", "prefix=%2B55+84&monthyPriceFrom=0.01&monthyPriceTo=9",
            "monthyPriceFrom=2&monthyPriceTo=1", "perPage=1000", "page=9223372036854775807",
            "q=%C3%A9",
        ],
        words: [
            "&", "=", "%", "%2", "%00", "%FF", "%C3%28", "+", "page", "perPage", "sort", "q",
            "currency", "prefix", "monthyPriceFrom", "monthyPriceTo", "0.5", "-",
            ",", "id", "?", "#", "/",
        ]
    ) { text in
        let names = NumberQuery.parameterNames
        guard let (parameters, query) = try? readQuery(text, names) else { return false }
        let (before, after) = parameters.around("page")
        let (again, other) = try reread(before + "7" + after) {
            try readQuery($0, names)
        }
        try expect(other.paging.page == 7, "page is not what it was set to")
        try expect(other.sort == query.sort && other.filter == query.filter, "it asks for others")
        for item in parameters.items where item.name != "page" {
            let same = again.items.first { $0.name == item.name }
            try expect(
                same.map { Array($0.value.utf8) } == Array(item.value.utf8),
                "\(item.name) has become another")
        }
        return true
    }

    private static func readQuery(
        _ text: String, _ names: [String]
    ) throws -> (QueryParameters, NumberQuery) {
        try request("/?" + text).parameters(names) { NumberQuery(&$0) }
    }

    private static let tags = Target(
        name: "tags",
        samples: [
            "\"1\"", "*", "W/\"1\"", "\"1\", \"2\" ,W/\"abc\"", "\"\"", "\"01\"", "\"+1\"",
            ",\"1\",", "1",
        ],
        words: ["\"", "W/", "*", ",", " ", "\t", "1", "+", "-", "0", "9223372036854775807", "w/"]
    ) { text in
        guard let tags = try? EntityTags(.ifMatch, of: request("/", [.ifMatch: text])) else {
            return false
        }
        guard case .some(let list) = tags else { return true }
        let written = list.map(\.description).joined(separator: ", ")
        let again = try reread(written) {
            try EntityTags(.ifMatch, of: request("/", [.ifMatch: $0]))
        }
        guard case .some(.some(let same)) = again else {
            throw Broken("\(written) is no list any more")
        }
        try expect(same == list, "\(written) reads otherwise")
        // A version has one tag only.
        for version: Int64 in [0, 1, 2, 12, .max, -1] {
            let isListed = list.contains { $0.opaque.utf8.elementsEqual(String(version).utf8) }
            let isMeant: Bool =
                switch tags.versions {
                case .all: true
                case .some(let versions): versions.contains(version)
                }
            try expect(!isMeant || isListed, "\(written) stands for version \(version)")
        }
        return true
    }

    private static func request(_ path: String, _ headers: HTTPFields = [:]) -> Request {
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        return Request(head: head, body: .init(buffer: .init()))
    }

    static func expect(_ isTrue: Bool, _ reason: @autoclosure () -> String) throws {
        if !isTrue { throw Broken(reason()) }
    }

    /// Reads what was written, which must succeed.
    private static func reread<Value>(_ text: String, _ read: (String) throws -> Value) throws
        -> Value
    {
        do {
            return try read(text)
        } catch {
            throw Broken("\(text.prefix(300)) was written and is refused: \(error)")
        }
    }
}
