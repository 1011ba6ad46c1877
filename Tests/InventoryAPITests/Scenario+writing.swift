extension Scenario {
    private static func body(_ value: String) -> String {
        Client.good.replacing("+55 84 91234-4321", with: value)
    }

    static let creating = [
        Scenario(
            "a number", "POST", numbers, body("+5584912344323"), gives: 201,
            contains: [#"{"id":3,"value":"+55 84 91234-4323","monthyPrice":"0.03""#],
            answers: ["Location": "http://localhost/api/v1/numbers/3", "ETag": #""1""#]),
        Scenario(
            "there already", "POST", numbers, body("+55 (84) 91234.4321"), gives: 409,
            contains: [
                "+55 84 91234-4321 is already in the inventory as id 1.",
                #""existing":"http://localhost/api/v1/numbers/1""#,
            ]),
        Scenario(
            "its id is ignored", "POST", numbers,
            #"{"id": 99, "# + body("+55 84 91234-4323").dropFirst(), gives: 201,
            contains: [#""id":3"#]),
        Scenario(
            "three errors", "POST", numbers,
            #"{"value":"+55 84 91234-4323","monthyPrice":-1,"setupPrice":"-1","currency":"banana"}"#,
            gives: 422,
            contains: [
                "3 members need attention: monthyPrice, setupPrice, currency.",
                #"{"pointer":"/setupPrice","detail":"must not be negative"}"#,
            ]),
        Scenario(
            "an unknown member", "POST", numbers,
            #"{"monthlyPrice":"1", "# + body("+55 84 91234-4323").dropFirst(), gives: 422,
            contains: [
                #""detail":"monthlyPrice is not a member of a number; did you mean monthyPrice?""#,
                #""pointer":"/monthlyPrice""#,
            ]),
        Scenario(
            "a member of a strange name", "POST", numbers,
            #"{"a/b~c":"1", "# + body("+55 84 91234-4323").dropFirst(), gives: 422,
            contains: [#""pointer":"/a~1b~0c""#]),
        Scenario(
            "a member twice", "POST", numbers,
            #"{"setupPrice":"1", "# + body("+55 84 91234-4323").dropFirst(), gives: 422,
            contains: [#"{"pointer":"/setupPrice","detail":"is given twice"}"#]),
        Scenario(
            "a member twice, once escaped", "POST", numbers,
            #"{"\u0073etupPrice":"1", "# + body("+55 84 91234-4323").dropFirst(), gives: 422,
            contains: [#"{"pointer":"/setupPrice","detail":"is given twice"}"#]),
        Scenario(
            "NUL", "POST", numbers, body(#"+55 84 91234-4323\u0000"#), gives: 422,
            contains: ["contains a NUL character"]),
        Scenario(
            "at a number", "POST", first, Client.good, gives: 405,
            answers: ["Allow": "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"]),
    ]

    static let changing = [
        Scenario(
            "replaced", "PUT", first, Client.good.replacing("0.03", with: "0.0350"), gives: 200,
            contains: [#""monthyPrice":"0.035""#], answers: ["ETag": #""2""#]),
        Scenario(
            "as it was", "PUT", first, Client.good, gives: 200, contains: [firstJSON],
            answers: ["ETag": #""1""#]),
        Scenario("sent back whole", "PUT", first, firstJSON, gives: 200),
        Scenario(
            "its id as a string", "PUT", first,
            firstJSON.replacing(#""id":1"#, with: #""id":"1""#), gives: 200),
        Scenario(
            "another id", "PUT", first,
            firstJSON.replacing(#""id":1"#, with: #""id":7"#), gives: 422,
            contains: [#""pointer":"/id""#]),
        Scenario(
            "incomplete", "PUT", first, #"{"value":"+55 84 91234-4321"}"#, gives: 422,
            contains: ["is required; use PATCH to change some members only"]),
        Scenario(
            "another's number", "PUT", first, body("+55 84 91234-4322"), gives: 409,
            contains: ["is already in the inventory as id 2."]),
        Scenario("not there", "PUT", numbers + "/42", Client.good, gives: 404),
        Scenario(
            "one member", "PATCH", first, #"{"setupPrice":"5"}"#, gives: 200,
            contains: [#""setupPrice":"5.00""#, #""monthyPrice":"0.03""#],
            answers: ["ETag": #""2""#]),
        Scenario(
            "a merge patch", "PATCH", first, #"{"setupPrice":"5"}"#,
            headers: ["Content-Type": "application/merge-patch+json"], gives: 200),
        Scenario(
            "nothing", "PATCH", first, "{}", gives: 200, contains: [firstJSON],
            answers: ["ETag": #""1""#]),
        Scenario(
            "removal", "PATCH", first, #"{"value":null}"#, gives: 422,
            contains: ["cannot be removed"]),
        Scenario("not there", "PATCH", numbers + "/42", "{}", gives: 404),
        Scenario(
            "If-Match holds", "PATCH", first, "{}", headers: ["If-Match": #""1""#], gives: 200),
        Scenario(
            "If-Match holds, weakened", "PATCH", first, "{}",
            headers: ["If-Match": #"W/"1""#], gives: 200),
        Scenario(
            "If-Match holds, in a list", "PUT", first, Client.good,
            headers: ["If-Match": #""7" , "1""#], gives: 200),
        Scenario("If-Match any", "PUT", first, Client.good, headers: ["If-Match": "*"], gives: 200),
        Scenario(
            "If-Match stale", "PATCH", first, #"{"setupPrice":"5"}"#,
            headers: ["If-Match": #""7""#], gives: 412, contains: [#""current":"# + firstJSON],
            answers: ["ETag": #""1""#]),
        Scenario(
            "If-Match of something else", "PUT", first, Client.good,
            headers: ["If-Match": #""abc""#], gives: 412),
        Scenario(
            "If-Match malformed", "PUT", first, Client.good,
            headers: ["If-Match": "1"], gives: 400, contains: ["/problems/malformed-header"]),
        Scenario(
            "If-Match of what is not there", "PUT", numbers + "/42", Client.good,
            headers: ["If-Match": #""1""#], gives: 404),
        Scenario(
            "If-None-Match any", "PUT", first, Client.good,
            headers: ["If-None-Match": "*"], gives: 412),
    ]

    static let deleting = [
        Scenario("a number", "DELETE", first, gives: 204),
        Scenario("not there", "DELETE", numbers + "/42", gives: 404),
        Scenario("If-Match stale", "DELETE", first, headers: ["If-Match": #""7""#], gives: 412),
        Scenario("If-Match holds", "DELETE", first, headers: ["If-Match": #""1""#], gives: 204),
        Scenario(
            "all", "DELETE", numbers, gives: 405,
            contains: ["DELETE is not allowed here, but GET, HEAD, POST and OPTIONS."],
            answers: ["Allow": "GET, HEAD, POST, OPTIONS"]),
    ]
}
