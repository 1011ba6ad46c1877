extension Scenario {
    static let malformedBodies = [
        (#"{"value":"#, 400, "unexpected end at line 1, column 10."),
        ("{\n  \"value\": \"1\",\n}", 400, "a comma must not precede } at line 3, column 1."),
        ("{'value': 1}", 400, "/problems/malformed-body"),
        ("// a number\n{}", 400, "/problems/malformed-body"),
        ("[object Object]", 400, "send JSON.stringify(object)"),
        ("[]", 422, "must be one JSON object"), ("null", 422, "must be one JSON object"),
        (#""hello""#, 422, "must be one JSON object"),
        (#""{\"value\":\"1\"}""#, 422, "it was encoded twice"),
        (String(repeating: "[", count: 10_000), 400, "nested deeper"),
        (#"{"value":"\ud800"}"#, 400, "/problems/malformed-body"),
        (#"{"value":""# + String(repeating: "1", count: 66_000) + #""}"#, 413, "/problems/"),
    ].map { Scenario("POST numbers", $0, gives: $1, $2) }

    static let bodies = [
        Scenario(
            "POST numbers", with: ["Content-Type": "application/json"], gives: 400,
            "The request has no body; send a JSON object."), Scenario("PUT numbers/1", gives: 400),
        Scenario(
            "POST numbers", Client.good, with: ["Content-Type": ""], gives: 415,
            has: ["Accept-Post": "application/json"]),
        Scenario(
            "POST numbers", "value=1", with: ["Content-Type": "application/x-www-form-urlencoded"],
            gives: 415),
        Scenario(
            "PATCH numbers/1", "{}", with: ["Content-Type": "text/plain"], gives: 415,
            has: ["Accept-Patch": "application/merge-patch+json, application/json"]),
        Scenario(
            "PATCH numbers/1", "{}", with: ["Content-Type": "Application/JSON; charset=\"UTF-8\""],
            gives: 200),
        Scenario(
            "PATCH numbers/1", "{}", with: ["Content-Type": "application/json; charset=iso-8859-1"],
            gives: 415),
        Scenario("PATCH numbers/1", "{}", with: ["Content-Encoding": "gzip"], gives: 415),
    ]

    static let others = [
        Scenario(
            "GET nothing", gives: 404, "There is nothing at /api/v1/nothing.",
            has: ["Vary": "Accept"]),
        Scenario("GET /livez", gives: 200, #"{"status":"ok"}"#),
        Scenario("GET /readyz", gives: 200, #"{"status":"ok"}"#),
        Scenario(
            "GET /", gives: 200, "/console/app.js",
            has: ["Content-Type": "text/html; charset=utf-8"]),
        Scenario("GET /problems/number-exists", gives: 200, "The number exists already"),
        Scenario("GET /problems/none", gives: 404),
        Scenario(
            "OPTIONS numbers/1", gives: 204,
            has: ["Allow": "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"]),
        Scenario("OPTIONS /nothing", gives: 404), Scenario("PROPFIND numbers/1", gives: 405),
        Scenario(
            "GET openapi.json", gives: 200, #""openapi""#, has: ["Content-Type": "application/json"]
        ),
        Scenario(
            "GET numbers/1", with: ["X-Request-Id": "abc-1.2_3"], gives: 200,
            has: ["Request-Id": "abc-1.2_3"]),
    ]
}
