extension Scenario {
    private static let secondContent =
        #"{"value":"+55 84 91234-4322","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#

    /// Change 1 created number 1, and change 2 number 2; both are ana's.
    static let history = [
        Scenario(
            "GET changes", gives: 200, #"[{"id":2,"at":""#,
            #"Z","username":"ana","kind":"create","count":1}"#,
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
            ]), Scenario("GET changes?page=3", gives: 200, "[]"),
        Scenario("GET changes?numberId=2", gives: 200, #""id":2"#, has: ["X-Total-Count": "1"]),
        Scenario("GET changes?username=ana", gives: 200, has: ["X-Total-Count": "2"]),
        Scenario("GET changes?username=bob", gives: 200, "[]"),
        Scenario(
            "GET changes?kind=create&from=2020-01-01T00:00:00Z", gives: 200,
            has: ["X-Total-Count": "2"]), Scenario("GET changes?kind=undo", gives: 200, "[]"),
        Scenario("GET changes?to=2020-01-01T00:00:00.5Z", gives: 200, "[]"),
        Scenario(
            "GET changes?kind=creat", gives: 400,
            "kind cannot be creat. Did you mean create? Kinds: create,"),
        Scenario(
            "GET changes?from=yesterday", gives: 400,
            "from must be a time such as 2026-11-24T09:05:03Z (RFC 3339)."),
        Scenario("GET changes?from=2026-11-24T09:05:03Zx", gives: 400),
        Scenario(
            "GET changes?from=2020-11-24T09:05:03%2B01:00", gives: 200, has: ["X-Total-Count": "2"]),
        Scenario("GET changes?numberId=0", gives: 400, "numberId must be the id of a number."),
        Scenario("GET changes?page=0", gives: 400),
        Scenario("GET changes?perPage=1001", gives: 400),
        Scenario(
            "GET changes?user=ana", gives: 400,
            "user is not a parameter here: those are page, perPage, username,"),
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

    private static func bulk(
        _ body: String, to query: String = "", gives status: Int, _ parts: String...,
        has headers: [String: String] = [:]
    ) -> Scenario {
        Scenario("POST changes" + query, body, status: status, parts: parts, has: headers)
    }

    static let bulk = [
        bulk(
            #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.5"}}}"#, to: "?dryRun=true",
            gives: 200,
            #"{"selected":2,"changed":2,"unchanged":0,"prices":{"monthyPrice":{"changed":2,"#,
            #""unchangedByRounding":0,"unchangedZero":0,"smallestPercent":"50.00","#,
            #""largestPercent":"50.00"}},"errorCount":0,"errors":[],"numbers":[{"id":1,"#,
            #""after":{"value":"+55 84 91234-4321","monthyPrice":"0.045","#, has: ["Change-Id": ""]),
        bulk(
            #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.1","decimals":2},"setupPrice":{"plus":"-0.5"}}}"#,
            to: "?dryRun=true", gives: 200,
            #""monthyPrice":{"changed":0,"unchangedByRounding":2,"unchangedZero":0,"#,
            #""smallestPercent":null,"largestPercent":null},"setupPrice":{"changed":2,"#,
            #""smallestPercent":"-14.71","largestPercent":"-14.71"}"#),
        bulk(
            #"{"select":{"ids":[1,7]},"set":{"monthyPrice":{"plus":"-1"}}}"#, to: "?dryRun=true",
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
            #"{"select":{"all":true},"set":{"monthyPrice":{"to":"0.03"}}}"#, gives: 200,
            #"{"selected":2,"changed":0,"unchanged":2,"#, has: ["Change-Id": ""]),
        bulk(
            #"{"select":{"all":true},"set":{"setupPrice":{"plus":"-3.41"}}}"#, gives: 422,
            "Nothing was changed: setupPrice of number 1 must not be negative; and 1 more errors.",
            #""errorCount":2"#),
        bulk(
            #"{"select":{"ids":[7]},"delete":true}"#, gives: 422,
            "Nothing was changed: number 7 does not exist."),
        bulk(
            #"{"select":{"ids":[]},"delete":true}"#, gives: 422,
            "select must select one number at least."),
        bulk(
            #"{"select":{"currency":"EUR"},"delete":true}"#, gives: 422,
            "select must select one number at least."),
        bulk(
            #"{"select":{"q":" "},"delete":true}"#, gives: 422,
            "select.q must have a digit; use all for all numbers."),
        bulk(
            #"{"select":{},"delete":true}"#, gives: 422,
            "select must have one of ids, q, prefix, currency, monthyPriceFrom,"),
        bulk(
            #"{"select":{"prefix":"+"},"delete":true}"#, gives: 422,
            "select.prefix must have a digit; use all for all numbers."),
        bulk(
            #"{"select":{"q":"+","prefix":"x","setupPriceFrom":2,"monthyPriceTo":"-1"},"delete":true}"#,
            gives: 422, "4 members need attention:",
            #"{"pointer":"/select/q","detail":"must have a digit; use all for all numbers"}"#,
            #"{"pointer":"/select/prefix","detail":"may contain digits, blanks,"#,
            #"{"pointer":"/select/monthyPriceTo","detail":"must not be negative"}"#,
            #"{"pointer":"/select/setupPriceFrom","detail":"must be a string: send prices as"#),
        bulk(
            #"{"select":{"setupPriceFrom":"3.41","setupPriceTo":"3.4"},"delete":true}"#, gives: 422,
            "select.setupPriceFrom must not be greater than setupPriceTo, which is 3.40."),
        bulk(
            #"{"select":{"prefix":"+55 84","monthyPriceFrom":"0.03","setupPriceTo":"3.4"},"delete":true}"#,
            gives: 201, #""kind":"deleteMany","count":2"#),
        bulk(#"{"select":{"all":false},"delete":true}"#, gives: 422),
        bulk(#"{"select":{"ids":[1],"all":true},"delete":true}"#, gives: 422),
        bulk(#"{"delete":true}"#, gives: 422, "select is required."),
        bulk(#"{"select":{"all":true}}"#, gives: 422, "The body must have one of set, delete."),
        bulk(#"{"select":{"all":true},"delete":true,"set":{}}"#, gives: 422),
        bulk(#"{"select":{"all":true},"delete":false}"#, gives: 422),
        bulk(
            #"{"select":{"all":true},"set":{}}"#, gives: 422, "set must have one member at least."),
        bulk(
            #"{"select":{"all":true},"set":{"value":{"to":"+55"}}}"#, gives: 422,
            #""pointer":"/set/value""#),
        bulk(
            #"{"select":{"all":true},"set":{"setupPrice":{"to":"1,50"}}}"#, gives: 422,
            "set.setupPrice.to must use a dot as the decimal separator: 1.50.",
            #""pointer":"/set/setupPrice/to""#),
        bulk(#"{"select":{"all":true},"set":{"setupPrice":{"times":"-1.1"}}}"#, gives: 422),
        bulk(
            #"{"select":{"all":true},"set":{"setupPrice":{"times":1.1}}}"#, gives: 422,
            #"set.setupPrice.times must be a string such as \"1.10\"."#),
        bulk(
            #"{"select":{"all":true},"set":{"setupPrice":{"times":"1.1","plus":"1"}}}"#, gives: 422,
            "set.setupPrice must have one of to, times, plus."),
        bulk(
            #"{"select":{"all":true},"set":{"setupPrice":{"times":"1.1","decimals":5}}}"#,
            gives: 422, "set.setupPrice.decimals must be a whole number from 0 to 4."),
        bulk(
            #"{"select":{"ids":["1"]},"delete":true}"#, gives: 422,
            "select.ids must be a list of ids such as [1, 2]."),
        bulk(
            #"{"select":{"all":true},"delete":true}"#, to: "?dryRun=yes", gives: 400,
            "dryRun must be true or false."), bulk("all", gives: 400),
    ]
}
