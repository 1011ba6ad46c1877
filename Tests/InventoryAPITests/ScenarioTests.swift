import StoreTesting
import Testing

/// One request to an inventory with number 1, `Client.good`, and number 2, +55 84 91234-4322.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let method: String
    let path: String
    var body: String?
    var headers: [String: String] = [:]
    let status: Int
    var contains: [String] = []
    var omits: [String] = []
    /// Headers of the answer; an empty value stands for a header that must not be there.
    var answers: [String: String] = [:]

    var testDescription: String { "\(method) \(path): \(name)" }

    init(
        _ name: String, _ method: String, _ path: String, _ body: String? = nil,
        headers: [String: String] = [:], gives status: Int, contains: [String] = [],
        omits: [String] = [], answers: [String: String] = [:]
    ) {
        self.name = name
        self.method = method
        self.path = path
        self.body = body
        self.headers = headers
        self.status = status
        self.contains = contains
        self.omits = omits
        self.answers = answers
    }
}

@Suite struct ScenarioTests {
    @Test(arguments: Backend.allCases, Scenario.all)
    func isAnswered(backend: Backend, scenario: Scenario) async throws {
        try await Client.with(backend: backend) { client in
            try await client.createGood()
            let second = Client.good.replacing("4321", with: "4322")
            _ = try await client.send("POST", "/api/v1/numbers", body: second)
            let answer = try await client.send(
                scenario.method, scenario.path, body: scenario.body, headers: scenario.headers)
            #expect(answer.status == scenario.status, "\(answer.text)")
            for part in scenario.contains { #expect(answer.text.contains(part), "\(answer.text)") }
            for part in scenario.omits { #expect(!answer.text.contains(part), "\(answer.text)") }
            for (name, value) in scenario.answers {
                #expect((answer[name] ?? "") == value, "\(name)")
            }
            try expectWhatEveryAnswerHas(answer, method: scenario.method)
        }
    }

    private func expectWhatEveryAnswerHas(_ answer: Client.Answer, method: String) throws {
        #expect(answer["Request-Id"]?.isEmpty == false)
        #expect(answer["Cache-Control"] != nil)
        guard method != "HEAD" else {
            #expect(answer.text.isEmpty)
            return
        }
        guard answer.status >= 400 else { return }
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.object["status"] as? Int == answer.status)
        #expect(answer.object["requestId"] as? String == answer["Request-Id"])
        #expect((answer.object["type"] as? String)?.hasPrefix("/problems/") == true)
        #expect((answer.object["title"] as? String)?.isEmpty == false)
        #expect(answer.detail.hasSuffix(".") || answer.detail.hasSuffix("?"), "a sentence")
    }
}

extension Scenario {
    static let all = reading + listing + creating + changing + deleting + bodies + others

    private static let numbers = "/api/v1/numbers"
    private static let first = "/api/v1/numbers/1"
    private static let firstJSON =
        #"{"id":1,"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#

    private static let reading = [
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

    private static let listing = [
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
            contains: ["Unknown parameter per_page; did you mean perPage?"]),
        Scenario(
            "no such column", "GET", numbers + "?sort=monthlyPrice", gives: 400,
            contains: ["Cannot sort by monthlyPrice. Did you mean monthyPrice? Columns: id,"]),
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
            "broken encoding", "GET", numbers + "?q=%FF", gives: 400,
            contains: ["The query is not percent-encoded UTF-8."]),
        Scenario(
            "too long", "GET", numbers + "?q=" + String(repeating: "1", count: 9_000), gives: 414),
    ]

    private static func body(_ value: String) -> String {
        Client.good.replacing("+55 84 91234-4321", with: value)
    }

    private static let creating = [
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
            "three faults", "POST", numbers,
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

    private static let changing = [
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

    private static let deleting = [
        Scenario("a number", "DELETE", first, gives: 204),
        Scenario("not there", "DELETE", numbers + "/42", gives: 404),
        Scenario("If-Match stale", "DELETE", first, headers: ["If-Match": #""7""#], gives: 412),
        Scenario("If-Match holds", "DELETE", first, headers: ["If-Match": #""1""#], gives: 204),
        Scenario(
            "all", "DELETE", numbers, gives: 405,
            contains: ["DELETE is not allowed here, but GET, HEAD, POST and OPTIONS."],
            answers: ["Allow": "GET, HEAD, POST, OPTIONS"]),
    ]

    private static let bodies = [
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

    private static let others = [
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
            "many headers", "GET", first,
            headers: ["X-Long": String(repeating: "x", count: 40_000)], gives: 431),
        Scenario(
            "its own request id", "GET", first, headers: ["X-Request-Id": "abc-1.2_3"], gives: 200,
            answers: ["Request-Id": "abc-1.2_3"]),
    ]
}
