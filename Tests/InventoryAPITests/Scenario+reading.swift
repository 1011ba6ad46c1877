extension Scenario {
    static let reading = [
        Scenario(
            "the agreed entity", "GET", first, gives: 200, contains: [firstJSON],
            answers: ["ETag": #""1""#, "Content-Type": "application/json"]),
        Scenario(
            "as HEAD", "HEAD", first, gives: 200,
            answers: ["ETag": #""1""#, "Content-Length": "93"]),
        Scenario("with a slash behind", "GET", first + "/", gives: 200, contains: [firstJSON]),
        Scenario(
            "with doubled slashes", "GET", "//api//v1//numbers//1", gives: 200,
            contains: [firstJSON]),
        Scenario(
            "unchanged", "GET", first, headers: ["If-None-Match": #""1""#], gives: 304,
            answers: ["ETag": #""1""#, "Content-Type": ""]),
        Scenario(
            "unchanged, weakened", "GET", first, headers: ["If-None-Match": #"W/"1""#], gives: 304),
        Scenario(
            "unchanged, in a list", "GET", first,
            headers: ["If-None-Match": #""7", W/"1""#], gives: 304),
        Scenario("unchanged, any", "GET", first, headers: ["If-None-Match": "*"], gives: 304),
        Scenario("changed", "GET", first, headers: ["If-None-Match": #""7""#], gives: 200),
        Scenario(
            "malformed tag", "GET", first, headers: ["If-None-Match": "1"], gives: 400,
            contains: ["/problems/malformed-header"]),
        Scenario(
            "not there", "GET", numbers + "/42", gives: 404,
            contains: ["There is no number with id 42."]),
        Scenario("not there, as HEAD", "HEAD", numbers + "/42", gives: 404),
        Scenario(
            "letters", "GET", numbers + "/abc", gives: 404,
            contains: ["There is no number with id abc."]),
        Scenario("zero", "GET", numbers + "/0", gives: 404),
        Scenario("negative", "GET", numbers + "/-1", gives: 404),
        Scenario("a fraction", "GET", numbers + "/1.0", gives: 404),
        Scenario("leading zero", "GET", numbers + "/01", gives: 404),
        Scenario("a plus", "GET", numbers + "/+1", gives: 404),
        Scenario("beyond 64 bits", "GET", numbers + "/99999999999999999999", gives: 404),
        Scenario("broken encoding", "GET", numbers + "/%FF", gives: 404),
        Scenario("XML wanted", "GET", first, headers: ["Accept": "application/xml"], gives: 406),
        Scenario(
            "JSON refused", "GET", first,
            headers: ["Accept": "application/json;q=0, */*"], gives: 406),
        Scenario(
            "a browser", "GET", first,
            headers: ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"], gives: 200),
        Scenario("any application", "GET", first, headers: ["Accept": "application/*"], gives: 200),
        Scenario("empty Accept", "GET", first, headers: ["Accept": " "], gives: 200),
    ]

    static let currencies = [
        Scenario(
            "with how many numbers", "GET", "/api/v1/currencies", gives: 200,
            contains: [#"[{"currency":"U$","count":2}]"#],
            answers: ["ETag": #""197a373bd499bb7c81ef3fef10a002b3""#]),
        Scenario(
            "unchanged", "GET", "/api/v1/currencies", headers: ["If-None-Match": "*"], gives: 304),
        Scenario("as HEAD", "HEAD", "/api/v1/currencies", gives: 200),
        Scenario(
            "a parameter", "GET", "/api/v1/currencies?page=1", gives: 400,
            contains: ["page is not a parameter here."]),
    ]

    static let listing = [
        Scenario(
            "all", "GET", numbers, gives: 200, contains: ["[" + firstJSON + ","],
            answers: [
                "X-Total-Count": "2",
                "Link": """
                <http://localhost/api/v1/numbers?page=1>; rel="first", \
                <http://localhost/api/v1/numbers?page=1>; rel="last"
                """,
            ]),
        Scenario("as HEAD", "HEAD", numbers, gives: 200, answers: ["X-Total-Count": "2"]),
        Scenario(
            "with a slash behind", "GET", numbers + "/?perPage=1", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "links keep the rest", "GET", numbers + "?sort=-value&perPage=1&q=84", gives: 200,
            contains: [#""id":2"#], omits: [#""id":1"#],
            answers: [
                "Link": """
                <http://localhost/api/v1/numbers?sort=-value&perPage=1&q=84&page=1>; rel="first", \
                <http://localhost/api/v1/numbers?sort=-value&perPage=1&q=84&page=2>; rel="next", \
                <http://localhost/api/v1/numbers?sort=-value&perPage=1&q=84&page=2>; rel="last"
                """
            ]),
        Scenario(
            "past the end", "GET", numbers + "?page=41", gives: 200, contains: ["[]"],
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "far past the end", "GET", numbers + "?page=9223372036854775807&perPage=1000",
            gives: 200, contains: ["[]"]),
        Scenario(
            "too far", "GET", numbers + "?page=99999999999999999999", gives: 400,
            contains: ["page is too large."]),
        Scenario(
            "page 0", "GET", numbers + "?page=0", gives: 400,
            contains: ["page must be a whole number from 1."]),
        Scenario("page -10", "GET", numbers + "?page=-10", gives: 400),
        Scenario("page abc", "GET", numbers + "?page=abc", gives: 400),
        Scenario("page 1.5", "GET", numbers + "?page=1.5", gives: 400),
        Scenario("no page", "GET", numbers + "?page=", gives: 400),
        Scenario(
            "two pages", "GET", numbers + "?page=1&page=2", gives: 400,
            contains: ["page must be given once only."]),
        Scenario(
            "perPage 0", "GET", numbers + "?perPage=0", gives: 400,
            contains: ["perPage must be from 1 to 1000."]),
        Scenario("perPage 1000", "GET", numbers + "?perPage=1000", gives: 200),
        Scenario("perPage 1001", "GET", numbers + "?perPage=1001", gives: 400),
        Scenario(
            "unknown parameter", "GET", numbers + "?per_page=5", gives: 400,
            contains: [
                "per_page is not a parameter here; did you mean perPage?",
                #""errors":[{"parameter":"per_page","detail":"is not a parameter here; did you"#,
            ]),
        Scenario(
            "no such column", "GET", numbers + "?sort=monthlyPrice", gives: 400,
            contains: ["sort cannot be monthlyPrice. Did you mean monthyPrice? Columns: id,"]),
        Scenario("injection", "GET", numbers + "?sort=id;drop", gives: 400),
        Scenario("a column twice", "GET", numbers + "?sort=id,-id", gives: 400),
        Scenario("several columns", "GET", numbers + "?sort=-monthyPrice,value", gives: 200),
        Scenario(
            "digits", "GET", numbers + "?q=4322", gives: 200, contains: [#""id":2"#],
            answers: ["X-Total-Count": "1"]),
        Scenario(
            "formatted digits", "GET", numbers + "?q=(84)%209-1234", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "a plus as a blank", "GET", numbers + "?q=+55", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "a plus", "GET", numbers + "?q=%2B55", gives: 200, answers: ["X-Total-Count": "2"]),
        Scenario("a wildcard", "GET", numbers + "?q=%25", gives: 200, contains: ["[]"]),
        Scenario("an underscore", "GET", numbers + "?q=_", gives: 200, contains: ["[]"]),
        Scenario("an injection", "GET", numbers + "?q='%20OR%201=1", gives: 200, contains: ["[]"]),
        Scenario("no search", "GET", numbers + "?q=", gives: 200, answers: ["X-Total-Count": "2"]),
        Scenario(
            "a currency", "GET", numbers + "?currency=U$", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "a currency, encoded", "GET", numbers + "?currency=U%24", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "another currency", "GET", numbers + "?currency=%E2%82%AC", gives: 200,
            contains: ["[]"], answers: ["X-Total-Count": "0"]),
        Scenario("banana", "GET", numbers + "?currency=banana", gives: 400),
        Scenario(
            "what starts alike", "GET", numbers + "?prefix=%2B55%2084&perPage=1", gives: 200,
            contains: [firstJSON],
            answers: [
                "X-Total-Count": "2",
                "Link": """
                <http://localhost/api/v1/numbers?prefix=%2B55%2084&perPage=1&page=1>; rel="first", \
                <http://localhost/api/v1/numbers?prefix=%2B55%2084&perPage=1&page=2>; rel="next", \
                <http://localhost/api/v1/numbers?prefix=%2B55%2084&perPage=1&page=2>; rel="last"
                """,
            ]),
        Scenario(
            "the same in digits", "GET", numbers + "?prefix=55849123443", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "all its digits", "GET", numbers + "?prefix=5584912344322", gives: 200,
            contains: [#""id":2"#], answers: ["X-Total-Count": "1"]),
        Scenario(
            "digits that others have elsewhere", "GET", numbers + "?prefix=84", gives: 200,
            contains: ["[]"]),
        Scenario(
            "a blank prefix", "GET", numbers + "?prefix=+", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "a prefix of formatting", "GET", numbers + "?prefix=%2B", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "a prefix in letters", "GET", numbers + "?prefix=abc", gives: 400,
            contains: [
                "prefix may contain digits, blanks, hyphens, dots, parentheses and a + only."
            ]),
        Scenario(
            "prices, both included", "GET",
            numbers
                + "?monthyPriceFrom=0.03&monthyPriceTo=0.03&setupPriceFrom=3.4&setupPriceTo=3.4",
            gives: 200, answers: ["X-Total-Count": "2"]),
        Scenario(
            "dearer ones", "GET", numbers + "?monthyPriceFrom=0.0301", gives: 200,
            contains: ["[]"], answers: ["X-Total-Count": "0"]),
        Scenario(
            "cheaper ones", "GET", numbers + "?setupPriceTo=3.3999", gives: 200, contains: ["[]"]),
        Scenario(
            "blank prices", "GET", numbers + "?monthyPriceFrom=&monthyPriceTo=", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "a price with a comma", "GET", numbers + "?monthyPriceFrom=0,03", gives: 400,
            contains: ["monthyPriceFrom must use a dot as the decimal separator: 0.03."]),
        Scenario(
            "a price in a currency", "GET", numbers + "?setupPriceTo=U$3", gives: 400,
            contains: ["setupPriceTo must not contain a currency: it belongs in currency."]),
        Scenario(
            "prices the wrong way round", "GET",
            numbers + "?monthyPriceFrom=0.10&monthyPriceTo=0.1&setupPriceFrom=2&setupPriceTo=1",
            gives: 400,
            contains: [
                "setupPriceFrom must not be greater than setupPriceTo, which is 1.00.",
                #""errors":[{"parameter":"setupPriceFrom","#,
            ]),
        Scenario(
            "all that is wrong", "GET",
            numbers
                + "?page=0&perPage=x&sort=price&currency=banana&prefx=1&monthyPriceTo=-1&q=1&q=2",
            gives: 400,
            contains: [
                """
                7 parameters need attention: prefx, q, page, perPage, sort, currency, monthyPriceTo.
                """,
                #"{"parameter":"page","detail":"must be a whole number from 1"}"#,
                #"{"parameter":"monthyPriceTo","detail":"must not be negative"}"#,
                #"{"parameter":"q","detail":"must be given once only"}"#,
            ]),
        Scenario(
            "a parameter without a name", "GET", numbers + "?=1", gives: 400,
            contains: ["A parameter without a name is not a parameter here"]),
        Scenario(
            "very many parameters", "GET",
            numbers + "?" + (1...64).map { "name\($0)=1" }.joined(separator: "&"), gives: 400,
            contains: ["20 parameters need attention:"]),
        Scenario(
            "too many parameters", "GET",
            numbers + "?" + (1...65).map { "name\($0)=1" }.joined(separator: "&"), gives: 400,
            contains: ["The query has 65 parameters; at most 64 are read."]),
        Scenario(
            "broken encoding", "GET", numbers + "?q=%FF", gives: 400,
            contains: ["The query is not percent-encoded UTF-8."]),
    ]
}
