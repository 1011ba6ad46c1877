internal import Inventory
internal import JSON

/// The parameter names of json-server 0.17, which react-admin's `ra-data-json-server` and refine's
/// `simple-rest` send as well, as other names for ours.
struct ParameterAliases {
    /// Each name, and what it means. The meanings that are not names of parameters have no other
    /// name: ``Paging`` reads `start` and `end`, ``NumberQuery`` reads `order` and `value`.
    private static let table = texts + prices

    private static let texts: [(name: String, meanings: [String])] = [
        ("_page", ["page"]), ("_limit", ["perPage"]), ("_start", ["start"]), ("_end", ["end"]),
        ("_sort", ["sort"]), ("_order", ["order"]), ("value_like", ["q"]), ("value", ["value"]),
    ]

    private static let prices = NumberContent.Member.prices.flatMap { member in
        let price = member.rawValue
        let aliases: [(name: String, meanings: [String])] = [
            (price + "_gte", [price + "From"]), (price + "_lte", [price + "To"]),
            (price, [price + "From", price + "To"]),
        ]
        return aliases
    }

    static let names = table.map(\.name)

    /// Meanings of which a query can have one only.
    private static let exclusive = [
        ("page", "start"), ("page", "end"), ("perPage", "end"), ("prefix", "value"),
    ]

    /// The parameters by their meanings, without empty aliases.
    private(set) var members: JSONMembers = []
    private(set) var errors: [FieldError] = []
    /// The client's name for each meaning.
    private var used: [String: String] = [:]

    init(_ items: [(name: String, value: String)]) {
        for (name, value) in items {
            let meanings = Self.table.first { $0.name == name }?.meanings
            if meanings != nil, value.utf8.allSatisfy({ $0 == UInt8(ascii: " ") }) { continue }
            for meaning in meanings ?? [name] {
                if let other = used[meaning] {
                    note(name, hasPurposeOf: other)
                } else {
                    used[meaning] = name
                    members.append((meaning, .string(value)))
                }
            }
        }
        for (one, other) in Self.exclusive {
            if let name = used[one], let alias = used[other] { note(alias, hasPurposeOf: name) }
        }
        if used["sort"] == "sort", let alias = used["order"] { note(alias, hasPurposeOf: "sort") }
        for (name, value) in items
        where name == "value_like" && value.utf8.contains(where: Self.isPattern) {
            errors.append(
                FieldError(field: name, detail: "searches for a text: it cannot be a pattern"))
        }
    }

    /// Whether the character has a meaning in regular expressions and none in phone numbers.
    private static func isPattern(_ character: UInt8) -> Bool {
        #"^$*?[]{}|\"#.utf8.contains(character)
    }

    private mutating func note(_ name: String, hasPurposeOf other: String) {
        let error = FieldError(
            field: name, detail: "has the same purpose as \(other): send only one of them")
        if !errors.contains(error) { errors.append(error) }
    }

    /// The error with the client's names.
    func renamed(_ error: FieldError) -> FieldError {
        guard let meaning = error.field, let name = used[meaning], name != meaning else {
            return error
        }
        // The message of a range names its other end.
        let detail = used.reduce(error.detail) { detail, use in
            use.key.hasSuffix("To") ? detail.replacing(use.key, with: use.value) : detail
        }
        return FieldError(field: name, detail: detail)
    }
}

/// Parameter names of other APIs.
enum ForeignParameter {
    /// The names without case and punctuation; one of ours for their purpose; and a hint.
    private static let table: [(names: String, ours: String, hint: String)] = [
        (
            """
            limit size count take top maxresults rows length pagesize pagelimit itemsperpage \
            resultsperpage
            """, "perPage", "use perPage"
        ),
        (
            """
            offset skip start startindex pageoffset pagenumber pageno pageindex currentpage cursor \
            after p
            """, "page", "use page, which counts from 1, and perPage"
        ),
        ("range", "page", "use page and perPage"),
        ("search query keyword keywords term text find s", "q", "use q"),
        (
            "order orderby ordering sortby sortorder sortfield sortdirection direction dir", "sort",
            "use sort: sort=value, or sort=-value for descending order"
        ),
        (
            "filter filters where", "q",
            "use q, prefix, currency, id, or prices such as monthyPriceFrom"
        ),
        ("monthlyprice", "monthyPrice", "did you mean monthyPrice?"),
        ("fields select columns", "sort", "each number has all members"),
        ("embed expand populate", "sort", "a number has no related resources"),
    ]

    private static let bounds = [
        (names: ["gte", "gt", "min"], end: "From"), (names: ["lte", "lt", "max"], end: "To"),
    ]

    /// The end of the message for an unknown parameter; nil if its name is of no other API, or if
    /// the route has no parameter for its purpose.
    static func hint(_ name: String, among known: [String]) -> String? {
        guard name.utf8.count <= 32, name.isASCII else { return nil }
        let letters = name.lowercased().filter(\.isLetter)
        let word = letters.hasPrefix("filter") ? "filter" : letters
        if let row = table.first(where: { $0.names.split(separator: " ").contains { $0 == word } })
        {
            return known.contains(row.ours) ? "; " + row.hint : nil
        }
        guard known.contains("q") else { return nil }
        let price = NumberContent.Member.prices.map(\.rawValue).first(where: name.hasPrefix)
        let operation = name.dropFirst(price?.count ?? 0).split { !$0.isLetter }.last?.lowercased()
        if let end = bounds.first(where: { $0.names.contains(operation ?? "") })?.end {
            guard let price else {
                return
                    "; only prices have bounds: use monthyPriceFrom, monthyPriceTo, setupPriceFrom, setupPriceTo"
            }
            return "; use \(price)\(end)"
        }
        return switch operation {
        case "ne": "; a filter cannot exclude numbers"
        case "like": "; only q searches for a text"
        default: nil
        }
    }
}
