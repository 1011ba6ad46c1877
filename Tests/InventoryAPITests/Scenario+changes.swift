extension Scenario {
    private static let secondContent =
        #"{"value":"+55 84 91234-4322","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#

    /// Change 1 created number 1, and change 2 created number 2; ana made both.
    static let history = [
        Scenario(
            "GET changes", gives: 200, #"[{"id":2,"at":""#,
            #"Z","username":"ana","kind":"create","count":1,"number":{"id":2,"before":null,"#,
            has: ["X-Total-Count": "2", "Content-Type": "application/json"]),
        Scenario("HEAD changes", gives: 200, has: ["X-Total-Count": "2"]),
        Scenario(
            "GET changes?perPage=1&page=2", gives: 200, #""id":1,"#, lacks: [#""id":2,"#],
            has: [
                "Link": """
                <http://localhost/api/v1/changes?perPage=1&page=1>; rel="first", \
                <http://localhost/api/v1/changes?perPage=1&page=1>; rel="prev", \
                <http://localhost/api/v1/changes?perPage=1&page=2>; rel="last"
                """
            ]),
        Scenario("GET changes?page=3", gives: 200, "[]"),
        Scenario("GET changes/1", gives: 200, #"{"id":1,"at":"#),
        Scenario("GET changes/42", gives: 404, "There is no change with id 42."),
        Scenario("GET changes/01", gives: 404, "There is no change with id 01."),
        Scenario(
            "GET changes/2/numbers", gives: 200,
            #"[{"id":2,"before":null,"after":\#(secondContent)}]"#, has: ["X-Total-Count": "1"]),
        Scenario("GET changes/42/numbers", gives: 404),
        Scenario(
            "GET numbers/2/changes", gives: 200, #"[{"id":2,"at":""#,
            #""before":null,"after":\#(secondContent)}]"#, has: ["X-Total-Count": "1"]),
        Scenario("GET numbers/42/changes", gives: 404, "There is no number with id 42."),
        Scenario("GET numbers/abc/changes", gives: 404),
        Scenario(
            "POST changes/2/undo", gives: 201,
            #""username":"ana","kind":"undo","count":1,"undoes":2}"#,
            has: ["Location": "http://localhost/api/v1/changes/3", "Change-Id": "3"]),
        Scenario("POST changes/42/undo", gives: 404), Scenario("GET changes/1/undo", gives: 405),
    ]

    /// Filters, each with the number of changes that it selects.
    static let filteredHistory = [
        ("numberId=2", 1), ("username=ana", 2), ("username=bob", 0),
        ("kind=create&from=2020-01-01T00:00:00Z", 2), ("kind=undo", 0),
        ("kind=create,undo,create", 2), ("number=&username=%20&from=&to=", 2),
        ("username=%20Ana", 2), ("number=43-22", 1), ("number=%2B55%2084%2091234-4322", 1),
        ("number=%2B4322", 0), ("number=0055%2084%2091234-4322", 1), ("number=322&numberId=2", 1),
        ("from=2020-01-01&to=2020-01-02", 0), ("from=2020-01-01&to=9999-12-31", 2),
        ("to=2020-01-01T00:00:00.5Z", 0), ("from=2020-11-24T09:05:03%2B01:00", 2),
    ].map { filter, count in
        Scenario(
            "GET changes?\(filter)", gives: 200, count == 0 ? "[]" : #""id":2"#,
            has: ["X-Total-Count": "\(count)"])
    }

    static let wrongHistory = each(
        "GET changes?", gives: 400,
        [
            "kind=creat": "kind cannot be creat. Did you mean create? Kinds: create,",
            "kind=create,creat": "kind cannot be creat. Did you mean create?",
            "kind=": "kind cannot be empty.",
            "number=21": "number must have at least 3 digits, such as 4321.",
            "number=x21": "number may contain digits",
            "from=yesterday": """
            from must be a date such as 2026-11-24, or a time such as 2026-11-24T09:05:03Z (RFC 3339).
            """,
            "from=2026-11-02&to=2026-11-01": "from must be before to.",
            "from=2026-11-24T09:05:03+01:00": "from has a blank: write a + in an address as %2B.",
            "from=2026-11-24T09:05:03Zx": "from must be a date",
            "to=2026-02-30": "to must be a date",
            "numberId=0": "numberId must be the id of a number.",
            "page=0": "page must be a whole number from 1.",
            "perPage=1001": "perPage must be from 1 to 1000.",
            "user=ana": "user is not a parameter here: use page, perPage, username,",
        ])

    /// - Parameter isDryRun: Sends the parameter `dryRun=true`.
    private static func bulk(
        _ body: String, isDryRun: Bool = false, gives status: Int, _ parts: String...,
        has headers: [String: String] = [:]
    ) -> Scenario {
        Scenario(
            request: "POST changes" + (isDryRun ? "?dryRun=true" : ""), body: body, status: status,
            parts: parts, responseHeaders: headers)
    }

    static let bulk = [
        bulk(
            #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.5"}}}"#, isDryRun: true,
            gives: 200,
            #"{"selected":2,"changed":2,"unchanged":0,"prices":{"monthyPrice":{"changed":2,"#,
            #""unchangedByRounding":0,"unchangedZero":0,"smallestPercent":"50.00","#,
            #""largestPercent":"50.00","lowestBefore":"0.03","highestBefore":"0.03","#,
            #""lowestAfter":"0.045","highestAfter":"0.045"}},"errorCount":0,"errors":[],"numbers":[{"id":1,"#,
            #""after":{"value":"+55 84 91234-4321","monthyPrice":"0.045","#, has: ["Change-Id": ""]),
        bulk(
            #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.1","decimals":2},"setupPrice":{"plus":"-0.5"}}}"#,
            isDryRun: true, gives: 200,
            #""monthyPrice":{"changed":0,"unchangedByRounding":2,"unchangedZero":0,"#,
            #""smallestPercent":null,"largestPercent":null,"lowestBefore":null,"highestBefore":null,"#,
            #""lowestAfter":null,"highestAfter":null},"setupPrice":{"changed":2,"#,
            #""smallestPercent":"-14.71","largestPercent":"-14.71","lowestBefore":"3.40","#,
            #""highestBefore":"3.40","lowestAfter":"2.90","highestAfter":"2.90"}"#),
        bulk(
            #"{"select":{"ids":[1,7]},"set":{"monthyPrice":{"plus":"-1"}}}"#, isDryRun: true,
            gives: 200,
            #""errorCount":2,"errors":[{"id":7,"pointer":"","detail":"does not exist"},"#,
            #"{"id":1,"pointer":"/monthyPrice","detail":"must not be negative"}]"#),
        bulk(
            #"{"select":{"ids":[2,1,2]},"set":{"currency":{"to":"BRL"}}}"#, gives: 201,
            #""username":"ana","kind":"changeMany","count":2}"#,
            has: ["Location": "http://localhost/api/v1/changes/3", "Change-Id": "3"]),
        bulk(
            #"{"select":{"q":"4322"},"delete":true}"#, gives: 201,
            #""kind":"deleteMany","count":1}"#),
        bulk(
            #"{"select":{"suffix":"43 22"},"delete":true}"#, isDryRun: true, gives: 200,
            #"{"selected":1,"#),
        bulk(
            #"{"select":{"prefix":"+55 84","monthyPriceFrom":"0.03","setupPriceTo":"3.4"},"delete":true}"#,
            gives: 201, #""kind":"deleteMany","count":2"#),
        bulk(
            #"{"select":{"all":true},"set":{"monthyPrice":{"to":"0.03"}}}"#, gives: 200,
            #"{"selected":2,"changed":0,"unchanged":2,"#, has: ["Change-Id": ""]),
        bulk(
            #"{"select":{"all":true},"set":{"setupPrice":{"plus":"-3.41"}}}"#, gives: 422,
            "Nothing was changed: setupPrice of number 1 must not be negative; and 1 more errors.",
            #""errorCount":2"#),
        bulk(
            #"{"select":{"ids":[7]},"delete":true}"#, gives: 422,
            "Nothing was changed: number 7 does not exist."),
        bulk(#"{"delete":true}"#, gives: 422, "select is required."),
        bulk(#"{"select":{"all":true}}"#, gives: 422, "The body must have one of set, delete."),
        bulk(#"{"select":{"all":true},"delete":true,"set":{}}"#, gives: 422),
        bulk(#"{"select":{"all":true},"delete":false}"#, gives: 422),
        bulk(
            #"{"select":{"all":true},"set":{}}"#, gives: 422, "set must have one member at least."),
        bulk(
            #"{"select":{"all":true},"set":{"value":{"to":"+55"}}}"#, gives: 422,
            #""pointer":"/set/value""#), bulk("all", gives: 400),
        Scenario(
            "POST changes?dryRun=yes", #"{"select":{"all":true},"delete":true}"#, gives: 400,
            "dryRun must be true or false."),
    ]

    /// Selections that are refused.
    static let selections: [Scenario] =
        [
            (#"{"ids":[]}"#, "select must select one number at least."),
            (#"{"currency":"EUR"}"#, "select must select one number at least."),
            (#"{"q":" "}"#, "select.q must have a digit; use all for all numbers."),
            (
                #"{"q":"0055849123443"}"#,
                "select.q can mean 0055849123443 within a number, or +55849123443: use prefix, or ids."
            ),
            (#"{"suffix":"…"}"#, "select.suffix must have a digit; use all for all numbers."),
            (#"{"suffix":"21"}"#, "select.suffix must have at least 3 digits, such as 4321."),
            (
                #"{"suffix":"0055 84 91234-4321"}"#,
                "select.suffix begins with 0: write 5584912344321, or use ids."
            ),
            ("{}", "select must have one of ids, q, prefix, suffix, currency, monthyPriceFrom,"),
            (#"{"all":false}"#, #""pointer":"/select"#),
            (#"{"ids":[1],"all":true}"#, "select.all must be the only member of select."),
            (#"{"ids":[1],"q":"84"}"#, "select.ids must be the only member of select."),
            (#"{"suffix":null}"#, "select.suffix must not be null: leave it out."),
            (#"{"ids":["1"]}"#, "select.ids must be a list of ids such as [1, 2]."),
            (#"{"prefix":"+"}"#, "select.prefix must have a digit; use all for all numbers."),
            (
                #"{"setupPriceFrom":"3.41","setupPriceTo":"3.4"}"#,
                "select.setupPriceFrom must not be greater than setupPriceTo, which is 3.40."
            ),
        ].map { bulk(#"{"select":\#($0),"delete":true}"#, gives: 422, $1) } + [
            bulk(
                #"{"select":{"q":"+","prefix":"x","setupPriceFrom":2,"monthyPriceTo":"-1"},"delete":true}"#,
                gives: 422, "4 members need attention:",
                #"{"pointer":"/select/q","detail":"must have a digit; use all for all numbers"}"#,
                #"{"pointer":"/select/prefix","detail":"may contain digits, blanks,"#,
                #"{"pointer":"/select/monthyPriceTo","detail":"must not be negative"}"#,
                #"{"pointer":"/select/setupPriceFrom","detail":"must be a string: send prices as"#)
        ]

    /// Adjustments of a price that are refused.
    static let adjustments = [
        (#"{"to":"1,50"}"#, "set.setupPrice.to must use a dot as the decimal separator: 1.50."),
        (#"{"to":"1,50"}"#, #""pointer":"/set/setupPrice/to""#),
        (#"{"times":"-1.1"}"#, #""pointer":"/set/setupPrice/times""#),
        (#"{"times":1.1}"#, #"set.setupPrice.times must be a string such as \"1.10\"."#),
        (#"{"times":"1.1","plus":"1"}"#, "set.setupPrice must have only one of to, times, plus."),
        (
            #"{"times":"1.1","decimals":5}"#,
            "set.setupPrice.decimals must be a whole number from 0 to 4."
        ),
    ].map { bulk(#"{"select":{"all":true},"set":{"setupPrice":\#($0)}}"#, gives: 422, $1) }
}
