extension Scenario {
    static let bodies = [
        Scenario(
            "POST numbers", with: ["Content-Type": "application/json"], gives: 400,
            "The request has no body; send a JSON object."), Scenario("PUT numbers/1", gives: 400),
        Scenario("POST numbers", #"{"value":"#, gives: 400, "unexpected end at line 1, column 10."),
        Scenario(
            "POST numbers", "{\n  \"value\": \"1\",\n}", gives: 400,
            "a comma must not stand before } at line 3, column 1."),
        Scenario("POST numbers", "{'value': 1}", gives: 400),
        Scenario("POST numbers", "// a number\n{}", gives: 400),
        Scenario("POST numbers", "[object Object]", gives: 400, "send JSON.stringify(object)"),
        Scenario("POST numbers", "[]", gives: 422, "must be one JSON object"),
        Scenario("PATCH numbers/1", "null", gives: 422),
        Scenario("POST numbers", #""hello""#, gives: 422),
        Scenario("POST numbers", #""{\"value\":\"1\"}""#, gives: 422, "it was encoded twice"),
        Scenario(
            "POST numbers", String(repeating: "[", count: 10_000), gives: 400, "nested deeper"),
        Scenario("POST numbers", #"{"value":"\ud800"}"#, gives: 400),
        Scenario(
            "POST numbers", #"{"value":""# + String(repeating: "1", count: 66_000) + #""}"#,
            gives: 413),
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
        Scenario("GET nothing", gives: 404, "There is nothing at /api/v1/nothing."),
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
