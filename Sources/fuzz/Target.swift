internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

// Only a debug build can import internal declarations.
@testable internal import InventoryAPI

/// A parser, and its invariants for every text.
struct Target: Sendable {
    let name: String
    let samples: [String]
    /// Parts of texts, separated by blanks.
    let words: String
    /// The longest allowed processor time for a short text.
    var milliseconds = 50.0
    /// Returns whether the parser accepts the text. Throws ``Broken``.
    let check: @Sendable (String) throws -> Bool

    static let all = [json, phone, query, tags, csv, ndjson, array, workbook, zipFile, connection]

    private static let json = Target(
        name: "json",
        samples: [
            #"{"id":1,"value":"+55 84 91234-4321","monthyPrice":"0.03","currency":"U$"}"#,
            #" [ 1 , -0.5e+10 , true , false , null , {} , [] , "" ] "#,
            #"{"a":{"b":[[[{"c":"\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t"}]]]}}"#, "\u{FEFF}1", "0",
        ],
        words: #"{ } [ ] , : " \ \u \ud800 \udc00 \u0000 true null - 1. e+ [[ {"a": // '"#
    ) { text in
        try reread(text, JSONParser.parse) { String(decoding: $0.text, as: UTF8.self) } != nil
    }

    private static let phone = Target(
        name: "phone",
        samples: [
            "+55 84 91234-4321", "+1 (212) 555-2368", "+2000397800548", "+46 0860192",
            "+883 5100 0123 4567", "+39 06 698 12345", "+52 1 55 1234 5678", "+298 123456",
        ],
        words: "+ 00 ( ) - . ext x ; # tel: \u{2010} \u{3000} 0 1 55 800 044 \u{0665} a"
    ) { text in
        var isAccepted = false
        for numberCheck in NumberCheck.allCases {
            let read = { try PhoneNumber($0, numberCheck: numberCheck) }
            guard let number = try reread(text, read, \.formatted) else { continue }
            isAccepted = true
            for form in [number.formatted, "+" + number.digits] {
                let digits = try? read(form).digits
                try expect(digits == number.digits, "\(form) is read as \(digits ?? "no number")")
            }
        }
        return isAccepted
    }

    private static let query = Target(
        name: "query",
        samples: [
            "page=2&perPage=50&sort=-monthyPrice,value&q=%2B55+84&currency=U%24", "q=", "&&page=1&",
            "q=a=b", "currency=R$", "sort=id",
            "prefix=%2B55+84&monthyPriceFrom=0.01&monthyPriceTo=9",
            "monthyPriceFrom=2&monthyPriceTo=1", "perPage=1000", "page=9223372036854775807",
            "q=%C3%A9", "_page=2&_limit=20&_sort=value,id&_order=asc,DESC", "_start=5&_end=25",
            "id=1,2&id=3&include=version", "value_like=84&monthyPrice_gte=1",
            "value=%2B5584912344321",
        ],
        words: """
            & = % %2 %00 %FF %C3%28 + page perPage sort q currency prefix monthyPriceFrom \
            monthyPriceTo 0.5 - , id ? # / _page _limit _start _end _sort _order asc desc value \
            value_like monthyPrice _gte _lte 00 011 tel:
            """
    ) { text in
        let read = { text in
            try request("/?" + text).parameters(
                NumberList.parameterNames, aliases: NumberList.aliases
            ) { NumberList(&$0).query }
        }
        guard let (parameters, query) = try? read(text) else { return false }
        let size = query.paging.perPage
        let next = parameters.pages(of: size)(7 * size)
        guard let (again, other) = try? read(next) else { throw Broken("\(next) is rejected") }
        try expect(other.paging.offset == 7 * size, "the page is not the one that was set")
        try expect(other.sort == query.sort && other.filter == query.filter, "another query")
        for item in parameters.items where !["page", "_page", "_start", "_end"].contains(item.name)
        {
            let same = again.items.first { $0.name == item.name }
            try expect(
                same.map { Array($0.value.utf8) } == Array(item.value.utf8), "another \(item.name)")
        }
        return true
    }

    private static let tags = Target(
        name: "tags",
        samples: [
            #""1""#, "*", #"W/"1""#, #""1", "2" ,W/"abc""#, #""""#, #""01""#, #""+1""#, #","1","#,
            "1",
        ], words: "\" W/ * , \t 1 + - 0 9223372036854775807 w/"
    ) { text in
        let read = { try EntityTags(.ifMatch, of: request("/", [.ifMatch: $0])) }
        guard let tags = try? read(text) else { return false }
        guard let list = tags.list else { return true }
        let written = list.map(\.description).joined(separator: ", ")
        guard let same = try? read(written)?.list, same == list else {
            throw Broken("\(written) is another list")
        }
        return true
    }

    private static func request(_ path: String, _ headers: HTTPFields = [:]) -> Request {
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        return Request(head: head, body: .init(buffer: .init()))
    }

    /// Returns the value; nil if the text is rejected. The written form must read as the same
    /// value.
    private static func reread<Value>(
        _ text: String, _ read: (String) throws -> Value, _ write: (Value) -> String
    ) throws -> Value? {
        guard let value = try? read(text) else { return nil }
        let written = write(value)
        guard let again = try? read(written) else {
            throw Broken("\(written.prefix(300)) was written and is rejected")
        }
        try expect(
            write(again).utf8.elementsEqual(written.utf8),
            "\(written.prefix(300)) is read as \(write(again).prefix(300))")
        return value
    }

    static func expect(_ isTrue: Bool, _ reason: @autoclosure () -> String) throws {
        if !isTrue { throw Broken(reason()) }
    }
}

/// An invariant that a text violates.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
