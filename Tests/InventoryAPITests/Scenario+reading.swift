extension Scenario {
    static let reading = [
        Scenario(
            "GET numbers/1", gives: 200, firstJSON,
            has: ["ETag": #""1""#, "Content-Type": "application/json"]),
        Scenario("HEAD numbers/1", gives: 200, has: ["ETag": #""1""#, "Content-Length": "93"]),
        Scenario("GET numbers/1/", gives: 200, firstJSON),
        Scenario("GET //api//v1//numbers//1", gives: 200, firstJSON),
        Scenario(
            "GET numbers/1", with: ["If-None-Match": #""1""#], gives: 304,
            has: ["ETag": #""1""#, "Content-Type": ""]),
        Scenario("GET numbers/1", with: ["If-None-Match": #"W/"1""#], gives: 304),
        Scenario("GET numbers/1", with: ["If-None-Match": #""7", W/"1""#], gives: 304),
        Scenario("GET numbers/1", with: ["If-None-Match": "*"], gives: 304),
        Scenario("GET numbers/1", with: ["If-None-Match": #""7""#], gives: 200),
        Scenario(
            "GET numbers/1", with: ["If-None-Match": "1"], gives: 400, "/problems/malformed-header"),
        Scenario("GET numbers/42", gives: 404, "There is no number with id 42."),
        Scenario("HEAD numbers/42", gives: 404),
        Scenario("GET numbers/abc", gives: 404, "There is no number with id abc."),
        Scenario("GET numbers/1", with: ["Accept": "application/xml"], gives: 406),
        Scenario("GET numbers/1", with: ["Accept": "application/json;q=0, */*"], gives: 406),
        Scenario(
            "GET numbers/1", with: ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"],
            gives: 200), Scenario("GET numbers/1", with: ["Accept": "application/*"], gives: 200),
        Scenario("GET numbers/1", with: ["Accept": " "], gives: 200),
    ]

    static let wrongIDs = ["0", "-1", "1.0", "01", "+1", "99999999999999999999", "%FF"].map {
        Scenario("GET numbers/\($0)", gives: 404)
    }

    static let currencies = [
        Scenario(
            "GET currencies", gives: 200, #"[{"currency":"U$","count":2}]"#,
            has: ["ETag": #""197a373bd499bb7c81ef3fef10a002b3""#]),
        Scenario("GET currencies", with: ["If-None-Match": "*"], gives: 304),
        Scenario("HEAD currencies", gives: 200),
        Scenario(
            "GET currencies?q=84&prefix=&suffix=4322&monthyPriceTo=1", gives: 200,
            #"[{"currency":"U$","count":1}]"#),
        Scenario("GET currencies?currency=R$", gives: 200, "[]"),
        Scenario(
            "GET currencies?page=1&suffix=22", gives: 400,
            "is not a parameter here: use q, prefix, suffix,",
            "must have at least 3 digits, such as 4321"),
    ]

    static let listing = [
        Scenario(
            "GET numbers", gives: 200, "[" + firstJSON + ",",
            has: [
                "X-Total-Count": "2",
                "Link": """
                <http://localhost/api/v1/numbers?page=1>; rel="first", \
                <http://localhost/api/v1/numbers?page=1>; rel="last"
                """,
            ]), Scenario("HEAD numbers", gives: 200, has: ["X-Total-Count": "2"]),
        Scenario("GET numbers/?perPage=1", gives: 200, has: ["X-Total-Count": "2"]),
        Scenario(
            "GET numbers?sort=-value&perPage=1&q=84", gives: 200, #""id":2"#, lacks: [#""id":1"#],
            has: [
                "Link": """
                <http://localhost/api/v1/numbers?sort=-value&perPage=1&q=84&page=1>; rel="first", \
                <http://localhost/api/v1/numbers?sort=-value&perPage=1&q=84&page=2>; rel="next", \
                <http://localhost/api/v1/numbers?sort=-value&perPage=1&q=84&page=2>; rel="last"
                """
            ]),
        Scenario(
            "GET numbers?suffix=0055%2084%2091234-4322", gives: 200, #""id":2"#,
            has: ["X-Total-Count": "1"]),
        Scenario("GET numbers?suffix=43-22", gives: 200, #""id":2"#, has: ["X-Total-Count": "1"]),
        Scenario("GET numbers?q=4322", gives: 200, #""id":2"#, has: ["X-Total-Count": "1"]),
        Scenario(
            "GET numbers?prefix=%2B55%2084&perPage=1", gives: 200, firstJSON,
            has: [
                "X-Total-Count": "2",
                "Link": """
                <http://localhost/api/v1/numbers?prefix=%2B55%2084&perPage=1&page=1>; rel="first", \
                <http://localhost/api/v1/numbers?prefix=%2B55%2084&perPage=1&page=2>; rel="next", \
                <http://localhost/api/v1/numbers?prefix=%2B55%2084&perPage=1&page=2>; rel="last"
                """,
            ]),
        Scenario(
            "GET numbers?prefix=5584912344322", gives: 200, #""id":2"#, has: ["X-Total-Count": "1"]),
    ]

    private static func names(_ count: Int) -> String {
        (1...count).map { "name\($0)=1" }.joined(separator: "&")
    }

    static let wrongQueries: [Scenario] =
        each(
            "GET numbers?", gives: 400,
            [
                "page=99999999999999999999": "page is too large.",
                "page=0": "page must be a whole number from 1.",
                "page=1&page=2": "page must be given once only.",
                "perPage=0": "perPage must be from 1 to 1000.",
                "per_page=5": "per_page is not a parameter here; did you mean perPage?",
                "perPag=5":
                    #""errors":[{"parameter":"perPag","detail":"is not a parameter here; did you"#,
                "sort=monthlyPrice":
                    "sort cannot be monthlyPrice. Did you mean monthyPrice? Columns: id,",
                "prefix=abc":
                    "prefix may contain digits, blanks, hyphens, dots, parentheses and a + only.",
                "suffix=21": "suffix must have at least 3 digits, such as 4321.",
                "monthyPriceFrom=0,03":
                    "monthyPriceFrom must use a dot as the decimal separator: 0.03.",
                "setupPriceTo=U$3":
                    "setupPriceTo must not contain a currency: it belongs in currency.",
                "monthyPriceFrom=0.10&monthyPriceTo=0.1&setupPriceFrom=2&setupPriceTo=1":
                    "setupPriceFrom must not be greater than setupPriceTo, which is 1.00.",
                "setupPriceFrom=2&setupPriceTo=1": #""errors":[{"parameter":"setupPriceFrom","#,
                "=1": "A parameter without a name is not a parameter here",
                names(600): "20 parameters need attention:",
                names(601): "The query has 601 parameters; at most 600 are read.",
                "q=%FF": "The query is not percent-encoded UTF-8.",
            ]) + wrongAliases + otherConventions
        + [
            "page=-10", "id=", "id=0", "id=-1", "id=1;2", "id=99999999999999999999", "include=",
            "_start=-1", "_start=x", "_start=99999999999999999999", "_end=0", "_start=5&_end=5",
            "_start=5&_end=4", "_end=1001", "_page=0", "_limit=0", "_limit=1001", "value=abc",
            "_sort=price", "page=abc", "page=1.5", "page=", "perPage=1001", "sort=id;drop",
            "sort=id,-id", "currency=banana",
        ].map { Scenario("GET numbers?\($0)", gives: 400) }
        + [
            Scenario(
                """
                GET numbers?page=0&perPage=x&sort=price&currency=banana&prefx=1&monthyPriceTo=-1\
                &q=1&q=2
                """, gives: 400,
                """
                7 parameters need attention: prefx, q, page, perPage, sort, currency, monthyPriceTo.
                """, #"{"parameter":"page","detail":"must be a whole number from 1"}"#,
                #"{"parameter":"monthyPriceTo","detail":"must not be negative"}"#,
                #"{"parameter":"q","detail":"must be given once only"}"#)
        ]

    static let queriesOfAll = [
        "_page=&_limit=&_sort=&_order=&value=", "_sort=-value", "_order=&_sort=id,value",
        "id=1,2", "id=2&id=1,2,3", "value_like=84", "monthyPrice=0.03", "setupPrice_gte=3.4",
        "monthyPrice_gte=0.03&monthyPrice_lte=0.03&currency=U$&_page=1&perPage=5",
        "prefix=0055", "prefix=tel:%2B55", "q=%E2%80%AA%2B5584%E2%80%AC", "q=0055849123443",
        "perPage=1000", "sort=-monthyPrice,value", "q=", "q=(84)%209-1234", "q=+55", "q=%2B55",
        "currency=U$", "currency=U%24", "prefix=55849123443", "prefix=+", "prefix=%2B",
        "suffix=", "suffix=%E2%80%A6",
        "monthyPriceFrom=&monthyPriceTo=",
        "monthyPriceFrom=0.03&monthyPriceTo=0.03&setupPriceFrom=3.4&setupPriceTo=3.4",
    ].map { Scenario("GET numbers?\($0)", gives: 200, firstJSON, has: ["X-Total-Count": "2"]) }

    static let queriesOfNone = [
        "q=%25", "q=_", "q='%20OR%201=1", "currency=%E2%82%AC", "prefix=84", "suffix=558",
        "monthyPriceFrom=0.0301", "setupPriceTo=3.3999", "value=558491234432", "id=7",
        "monthyPrice=0.04",
    ].map { Scenario("GET numbers?\($0)", gives: 200, "[]", has: ["X-Total-Count": "0"]) }

    static let pagesPastTheEnd = [
        "page=41", "page=9223372036854775807&perPage=1000", "_start=2",
        "_start=9223372036854775806&_end=9223372036854775807",
    ].map {
        Scenario("GET numbers?\($0)", gives: 200, "[]", has: ["X-Total-Count": "2"])
    }
}
