extension Scenario {
    static let changes = "/api/v1/changes"
    private static let secondContent =
        #"{"value":"+55 84 91234-4322","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#

    /// Change 1 created number 1, and change 2 number 2; both are ana's.
    static let history = [
        Scenario(
            "newest first", "GET", changes, gives: 200,
            contains: [#"[{"id":2,"at":""#, #"Z","username":"ana","kind":"create","count":1}"#],
            answers: ["X-Total-Count": "2", "Content-Type": "application/json"]),
        Scenario("as HEAD", "HEAD", changes, gives: 200, answers: ["X-Total-Count": "2"]),
        Scenario(
            "one page", "GET", changes + "?perPage=1&page=2", gives: 200,
            contains: [#""id":1,"#], omits: [#""id":2,"#],
            answers: [
                "Link": """
                <http://localhost/api/v1/changes?perPage=1&page=1>; rel="first", \
                <http://localhost/api/v1/changes?perPage=1&page=1>; rel="prev", \
                <http://localhost/api/v1/changes?perPage=1&page=2>; rel="last"
                """
            ]),
        Scenario("past the end", "GET", changes + "?page=3", gives: 200, contains: ["[]"]),
        Scenario(
            "of a number", "GET", changes + "?numberId=2", gives: 200, contains: [#""id":2"#],
            answers: ["X-Total-Count": "1"]),
        Scenario(
            "of a user", "GET", changes + "?username=ana", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario(
            "of somebody else", "GET", changes + "?username=bob", gives: 200, contains: ["[]"]),
        Scenario(
            "of a kind", "GET", changes + "?kind=create&from=2020-01-01T00:00:00Z", gives: 200,
            answers: ["X-Total-Count": "2"]),
        Scenario("of another kind", "GET", changes + "?kind=undo", gives: 200, contains: ["[]"]),
        Scenario(
            "before a time", "GET", changes + "?to=2020-01-01T00:00:00.5Z", gives: 200,
            contains: ["[]"]),
        Scenario(
            "of no kind", "GET", changes + "?kind=creat", gives: 400,
            contains: ["kind cannot be creat. Did you mean create? Kinds: create,"]),
        Scenario(
            "at no time", "GET", changes + "?from=yesterday", gives: 400,
            contains: ["from must be a time such as 2026-11-24T09:05:03Z (RFC 3339)."]),
        Scenario("at a time and more", "GET", changes + "?from=2026-11-24T09:05:03Zx", gives: 400),
        Scenario(
            "at a time elsewhere", "GET", changes + "?from=2020-11-24T09:05:03%2B01:00",
            gives: 200, answers: ["X-Total-Count": "2"]),
        Scenario(
            "of no number", "GET", changes + "?numberId=0", gives: 400,
            contains: ["numberId must be the id of a number."]),
        Scenario("page 0", "GET", changes + "?page=0", gives: 400),
        Scenario("perPage 1001", "GET", changes + "?perPage=1001", gives: 400),
        Scenario(
            "an unknown parameter", "GET", changes + "?user=ana", gives: 400,
            contains: ["user is not a parameter here: those are page, perPage, username,"]),
        Scenario("one", "GET", changes + "/1", gives: 200, contains: [#"{"id":1,"at":"#]),
        Scenario(
            "one that is not there", "GET", changes + "/42", gives: 404,
            contains: ["There is no change with id 42."]),
        Scenario(
            "one that cannot be", "GET", changes + "/01", gives: 404,
            contains: ["There is no change with id 01."]),
        Scenario(
            "what one did", "GET", changes + "/2/numbers", gives: 200,
            contains: [#"[{"id":2,"before":null,"after":\#(secondContent)}]"#],
            answers: ["X-Total-Count": "1"]),
        Scenario("what none did", "GET", changes + "/42/numbers", gives: 404),
        Scenario(
            "of one number", "GET", numbers + "/2/changes", gives: 200,
            contains: [#"[{"id":2,"at":""#, #""before":null,"after":\#(secondContent)}]"#],
            answers: ["X-Total-Count": "1"]),
        Scenario(
            "of one number that never was", "GET", numbers + "/42/changes", gives: 404,
            contains: ["There is no number with id 42."]),
        Scenario("of what is no number", "GET", numbers + "/abc/changes", gives: 404),
        Scenario(
            "undone", "POST", changes + "/2/undo", gives: 201,
            contains: [#""username":"ana","kind":"undo","count":1,"undoes":2}"#],
            answers: [
                "Location": "http://localhost/api/v1/changes/3", "Change-Id": "3",
            ]),
        Scenario("undone, of none", "POST", changes + "/42/undo", gives: 404),
        Scenario("undone by GET", "GET", changes + "/1/undo", gives: 405),
    ]

    private static func bulk(
        _ name: String, _ body: String, _ query: String = "", gives status: Int,
        contains: [String] = [], answers: [String: String] = [:]
    ) -> Scenario {
        Scenario(
            name, "POST", changes + query, body, gives: status, contains: contains,
            answers: answers)
    }

    static let bulk = [
        bulk(
            "a preview", #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.5"}}}"#,
            "?dryRun=true", gives: 200,
            contains: [
                #"{"selected":2,"changed":2,"unchanged":0,"prices":{"monthyPrice":{"changed":2,"#,
                #""unchangedByRounding":0,"unchangedZero":0,"smallestPercent":"50.00","#,
                #""largestPercent":"50.00"}},"errorCount":0,"errors":[],"numbers":[{"id":1,"#,
                #""after":{"value":"+55 84 91234-4321","monthyPrice":"0.045","#,
            ], answers: ["Change-Id": ""]),
        bulk(
            "a preview of prices that rounding keeps",
            #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.1","decimals":2},"setupPrice":{"plus":"-0.5"}}}"#,
            "?dryRun=true", gives: 200,
            contains: [
                #""monthyPrice":{"changed":0,"unchangedByRounding":2,"unchangedZero":0,"#,
                #""smallestPercent":null,"largestPercent":null},"setupPrice":{"changed":2,"#,
                #""smallestPercent":"-14.71","largestPercent":"-14.71"}"#,
            ]),
        bulk(
            "a preview with errors",
            #"{"select":{"ids":[1,7]},"set":{"monthyPrice":{"plus":"-1"}}}"#,
            "?dryRun=true", gives: 200,
            contains: [
                #""errorCount":2,"errors":[{"id":7,"pointer":"","detail":"does not exist"},"#,
                #"{"id":1,"pointer":"/monthyPrice","detail":"must not be negative"}]"#,
            ]),
        bulk(
            "done", #"{"select":{"ids":[2,1,2]},"set":{"currency":{"to":"BRL"}}}"#, gives: 201,
            contains: [#""username":"ana","kind":"changeMany","count":2}"#],
            answers: ["Location": "http://localhost/api/v1/changes/3", "Change-Id": "3"]),
        bulk(
            "deleted", #"{"select":{"q":"4322"},"delete":true}"#, gives: 201,
            contains: [#""kind":"deleteMany","count":1}"#]),
        bulk(
            "nothing to do", #"{"select":{"all":true},"set":{"monthyPrice":{"to":"0.03"}}}"#,
            gives: 200, contains: [#"{"selected":2,"changed":0,"unchanged":2,"#],
            answers: ["Change-Id": ""]),
        bulk(
            "an error", #"{"select":{"all":true},"set":{"setupPrice":{"plus":"-3.41"}}}"#,
            gives: 422,
            contains: [
                "Nothing was changed: setupPrice of number 1 must not be negative; and 1 more errors.",
                #""errorCount":2"#,
            ]),
        bulk(
            "no such number", #"{"select":{"ids":[7]},"delete":true}"#, gives: 422,
            contains: ["Nothing was changed: number 7 does not exist."]),
        bulk(
            "none selected", #"{"select":{"ids":[]},"delete":true}"#, gives: 422,
            contains: ["select must select one number at least."]),
        bulk(
            "none found", #"{"select":{"currency":"EUR"},"delete":true}"#, gives: 422,
            contains: ["select must select one number at least."]),
        bulk(
            "an empty search", #"{"select":{"q":" "},"delete":true}"#, gives: 422,
            contains: ["select.q must have a digit; use all for all numbers."]),
        bulk(
            "an empty selection", #"{"select":{},"delete":true}"#, gives: 422,
            contains: ["select must have one of ids, q, prefix, currency, monthyPriceFrom,"]),
        bulk(
            "first digits that are none", #"{"select":{"prefix":"+"},"delete":true}"#, gives: 422,
            contains: ["select.prefix must have a digit; use all for all numbers."]),
        bulk(
            "prices that are none, and digits",
            #"{"select":{"q":"+","prefix":"x","setupPriceFrom":2,"monthyPriceTo":"-1"},"delete":true}"#,
            gives: 422,
            contains: [
                "4 members need attention:",
                #"{"pointer":"/select/q","detail":"must have a digit; use all for all numbers"}"#,
                #"{"pointer":"/select/prefix","detail":"may contain digits, blanks,"#,
                #"{"pointer":"/select/monthyPriceTo","detail":"must not be negative"}"#,
                #"{"pointer":"/select/setupPriceFrom","detail":"must be a string: send prices as"#,
            ]),
        bulk(
            "prices the wrong way round",
            #"{"select":{"setupPriceFrom":"3.41","setupPriceTo":"3.4"},"delete":true}"#, gives: 422,
            contains: [
                "select.setupPriceFrom must not be greater than setupPriceTo, which is 3.40."
            ]),
        bulk(
            "by first digits and prices",
            #"{"select":{"prefix":"+55 84","monthyPriceFrom":"0.03","setupPriceTo":"3.4"},"delete":true}"#,
            gives: 201, contains: [#""kind":"deleteMany","count":2"#]),
        bulk("all is false", #"{"select":{"all":false},"delete":true}"#, gives: 422),
        bulk("two selections", #"{"select":{"ids":[1],"all":true},"delete":true}"#, gives: 422),
        bulk("no selection", #"{"delete":true}"#, gives: 422, contains: ["select is required."]),
        bulk(
            "nothing said", #"{"select":{"all":true}}"#, gives: 422,
            contains: ["The body must have one of set, delete."]),
        bulk("two deeds", #"{"select":{"all":true},"delete":true,"set":{}}"#, gives: 422),
        bulk("delete is false", #"{"select":{"all":true},"delete":false}"#, gives: 422),
        bulk(
            "nothing set", #"{"select":{"all":true},"set":{}}"#, gives: 422,
            contains: ["set must have one member at least."]),
        bulk(
            "the phone number set", #"{"select":{"all":true},"set":{"value":{"to":"+55"}}}"#,
            gives: 422, contains: [#""pointer":"/set/value""#]),
        bulk(
            "a price that is none", #"{"select":{"all":true},"set":{"setupPrice":{"to":"1,50"}}}"#,
            gives: 422,
            contains: [
                "set.setupPrice.to must use a dot as the decimal separator: 1.50.",
                #""pointer":"/set/setupPrice/to""#,
            ]),
        bulk(
            "a factor that is none",
            #"{"select":{"all":true},"set":{"setupPrice":{"times":"-1.1"}}}"#, gives: 422),
        bulk(
            "a factor as a JSON number",
            #"{"select":{"all":true},"set":{"setupPrice":{"times":1.1}}}"#, gives: 422,
            contains: [#"set.setupPrice.times must be a string such as \"1.10\"."#]),
        bulk(
            "two adjustments",
            #"{"select":{"all":true},"set":{"setupPrice":{"times":"1.1","plus":"1"}}}"#, gives: 422,
            contains: ["set.setupPrice must have one of to, times, plus."]),
        bulk(
            "five decimals",
            #"{"select":{"all":true},"set":{"setupPrice":{"times":"1.1","decimals":5}}}"#,
            gives: 422,
            contains: ["set.setupPrice.decimals must be a whole number from 0 to 4."]),
        bulk(
            "ids as strings", #"{"select":{"ids":["1"]},"delete":true}"#, gives: 422,
            contains: ["select.ids must be a list of ids such as [1, 2]."]),
        bulk(
            "dryRun is no word", #"{"select":{"all":true},"delete":true}"#, "?dryRun=yes",
            gives: 400, contains: ["dryRun must be true or false."]),
        bulk("no JSON", "all", gives: 400),
    ]
}
