extension Scenario {
    static let bodies = [
        Scenario(
            "none", "POST", numbers, headers: ["Content-Type": "application/json"], gives: 400,
            contains: ["The request has no body; send a JSON object."]),
        Scenario("none, untyped", "PUT", first, gives: 400),
        Scenario(
            "cut off", "POST", numbers, #"{"value":"#, gives: 400,
            contains: ["unexpected end at line 1, column 10."]),
        Scenario(
            "trailing comma", "POST", numbers, "{\n  \"value\": \"1\",\n}", gives: 400,
            contains: ["a comma must not stand before } at line 3, column 1."]),
        Scenario("single quotes", "POST", numbers, "{'value': 1}", gives: 400),
        Scenario("a comment", "POST", numbers, "// a number\n{}", gives: 400),
        Scenario(
            "[object Object]", "POST", numbers, "[object Object]", gives: 400,
            contains: ["send JSON.stringify(object)"]),
        Scenario(
            "a list", "POST", numbers, "[]", gives: 422, contains: ["must be one JSON object"]),
        Scenario("null", "PATCH", first, "null", gives: 422),
        Scenario("a string", "POST", numbers, #""hello""#, gives: 422),
        Scenario(
            "encoded twice", "POST", numbers, #""{\"value\":\"1\"}""#, gives: 422,
            contains: ["it was encoded twice"]),
        Scenario(
            "nested without end", "POST", numbers, String(repeating: "[", count: 10_000),
            gives: 400, contains: ["nested deeper"]),
        Scenario("half a surrogate", "POST", numbers, #"{"value":"\ud800"}"#, gives: 400),
        Scenario(
            "too large", "POST", numbers,
            #"{"value":""# + String(repeating: "1", count: 66_000) + #""}"#, gives: 413),
        Scenario(
            "untyped", "POST", numbers, Client.good, headers: ["Content-Type": ""], gives: 415,
            answers: ["Accept-Post": "application/json"]),
        Scenario(
            "a form", "POST", numbers, "value=1",
            headers: ["Content-Type": "application/x-www-form-urlencoded"], gives: 415),
        Scenario(
            "a patch of text", "PATCH", first, "{}", headers: ["Content-Type": "text/plain"],
            gives: 415, answers: ["Accept-Patch": "application/merge-patch+json, application/json"]),
        Scenario(
            "UTF-8 by name", "PATCH", first, "{}",
            headers: ["Content-Type": "Application/JSON; charset=\"UTF-8\""], gives: 200),
        Scenario(
            "Latin 1", "PATCH", first, "{}",
            headers: ["Content-Type": "application/json; charset=iso-8859-1"], gives: 415),
        Scenario(
            "compressed", "PATCH", first, "{}", headers: ["Content-Encoding": "gzip"], gives: 415),
    ]

    static let others = [
        Scenario(
            "nothing there", "GET", "/api/v1/nothing", gives: 404,
            contains: ["There is nothing at /api/v1/nothing."]),
        Scenario("alive", "GET", "/livez", gives: 200, contains: [#"{"status":"ok"}"#]),
        Scenario("ready", "GET", "/readyz", gives: 200, contains: [#"{"status":"ok"}"#]),
        Scenario(
            "the console", "GET", "/", gives: 200, contains: ["/console/app.js"],
            answers: ["Content-Type": "text/html; charset=utf-8"]),
        Scenario(
            "a problem's page", "GET", "/problems/number-exists", gives: 200,
            contains: ["The number exists already"]),
        Scenario("no problem's page", "GET", "/problems/none", gives: 404),
        Scenario(
            "options", "OPTIONS", first, gives: 204,
            answers: ["Allow": "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"]),
        Scenario("options of nothing", "OPTIONS", "/nothing", gives: 404),
        Scenario("an odd method", "PROPFIND", first, gives: 405),
        Scenario(
            "description", "GET", "/api/v1/openapi.json", gives: 200,
            contains: [#""openapi""#], answers: ["Content-Type": "application/json"]),
        Scenario(
            "its own request id", "GET", first, headers: ["X-Request-Id": "abc-1.2_3"], gives: 200,
            answers: ["Request-Id": "abc-1.2_3"]),
    ]
}
