extension Scenario {
    private static func body(_ value: String) -> String {
        Client.good.replacing("+55 84 91234-4321", with: value)
    }

    static let creating = [
        Scenario(
            "POST numbers", body("+5584912344323"), gives: 201,
            #"{"id":3,"value":"+55 84 91234-4323","monthyPrice":"0.03""#,
            has: ["Location": "http://localhost/api/v1/numbers/3", "ETag": #""1""#]),
        Scenario(
            "POST numbers", body("+55 (84) 91234.4321"), gives: 409,
            "+55 84 91234-4321 is already in the inventory as id 1.",
            #""existing":"http://localhost/api/v1/numbers/1""#),
        Scenario(
            "POST numbers", #"{"id": 99, "# + body("+55 84 91234-4323").dropFirst(), gives: 201,
            #""id":3"#),
        Scenario(
            "POST numbers",
            #"{"value":"+55 84 91234-4323","monthyPrice":-1,"setupPrice":"-1","currency":"banana"}"#,
            gives: 422, "3 members need attention: monthyPrice, setupPrice, currency.",
            #"{"pointer":"/setupPrice","detail":"must not be negative"}"#),
        Scenario(
            "POST numbers", body(#"+55 84 91234-4323\u0000"#), gives: 422,
            "contains a NUL character"),
        Scenario(
            "POST numbers/1", Client.good, gives: 405,
            has: ["Allow": "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"]),
    ]

    /// Bodies with a wrong member.
    static let wrongMembers = [
        (#"{"monthlyPrice":"1", "#, "is not a member of a number; did you mean monthyPrice?"),
        (#"{"monthlyPrice":"1", "#, #""pointer":"/monthlyPrice""#),
        (#"{"a/b~c":"1", "#, #""pointer":"/a~1b~0c""#),
        (#"{"setupPrice":"1", "#, #"{"pointer":"/setupPrice","detail":"is given twice"}"#),
        (#"{"\u0073etupPrice":"1", "#, #"{"pointer":"/setupPrice","detail":"is given twice"}"#),
    ].map { Scenario("POST numbers", $0 + Client.other.dropFirst(), gives: 422, $1) }

    static let changing = [
        Scenario(
            "PUT numbers/1", Client.good.replacing("0.03", with: "0.0350"), gives: 200,
            #""monthyPrice":"0.035""#, has: ["ETag": #""2""#]),
        Scenario("PUT numbers/1", Client.good, gives: 200, firstJSON, has: ["ETag": #""1""#]),
        Scenario(
            "PUT numbers/1", #"{"value":"+55 84 91234-4321","id":1,"id":1}"#, gives: 422,
            "4 members need attention: id, monthyPrice, setupPrice, currency.",
            #""/currency","detail":"is required; use PATCH to change some members only"}"#),
        Scenario(
            "PUT numbers/1", body("+55 84 91234-4322"), gives: 409,
            "is already in the inventory as id 2."),
        Scenario("PUT numbers/42", Client.good, gives: 404),
        Scenario(
            "PATCH numbers/1", #"{"setupPrice":"5"}"#, gives: 200, #""setupPrice":"5.00""#,
            #""monthyPrice":"0.03""#, has: ["ETag": #""2""#]),
        Scenario(
            "PATCH numbers/1", #"{"setupPrice":"5"}"#,
            with: ["Content-Type": "application/merge-patch+json"], gives: 200),
        Scenario("PATCH numbers/1", "{}", gives: 200, firstJSON, has: ["ETag": #""1""#]),
        Scenario("PATCH numbers/1", #"{"value":null}"#, gives: 422, "cannot be removed"),
        Scenario(
            "PATCH numbers/1", #"{"version":1}"#, gives: 422,
            "version is not a member of a number; send it in the header If-Match."),
        Scenario("PATCH numbers/42", "{}", gives: 404),
        Scenario("PATCH numbers/1", "{}", with: ["If-Match": #""1""#], gives: 200),
        Scenario("PATCH numbers/1", "{}", with: ["If-Match": #"W/"1""#], gives: 200),
        Scenario("PUT numbers/1", Client.good, with: ["If-Match": #""7" , "1""#], gives: 200),
        Scenario("PUT numbers/1", Client.good, with: ["If-Match": "*"], gives: 200),
        Scenario(
            "PATCH numbers/1", #"{"setupPrice":"5"}"#, with: ["If-Match": #""7""#], gives: 412,
            #""current":"# + firstJSON, has: ["ETag": #""1""#]),
        Scenario("PUT numbers/1", Client.good, with: ["If-Match": #""abc""#], gives: 412),
        Scenario(
            "PUT numbers/1", Client.good, with: ["If-Match": "1"], gives: 400,
            "/problems/malformed-header"),
        Scenario("PUT numbers/42", Client.good, with: ["If-Match": #""1""#], gives: 404),
        Scenario("PUT numbers/1", Client.good, with: ["If-None-Match": "*"], gives: 412),
    ]

    static let deleting = [
        Scenario("DELETE numbers/1", gives: 204), Scenario("DELETE numbers/42", gives: 404),
        Scenario("DELETE numbers/1", with: ["If-Match": #""7""#], gives: 412),
        Scenario("DELETE numbers/1", with: ["If-Match": #""1""#], gives: 204),
        Scenario(
            "DELETE numbers", gives: 405,
            "DELETE is not allowed here, but GET, HEAD, POST and OPTIONS.",
            has: ["Allow": "GET, HEAD, POST, OPTIONS"]),
    ]

    private static let neverIssued =
        #""detail":"If-Match names no tag that this number has had: its tag is \"1\".""#
    private static let exists =
        #""detail":"If-None-Match excludes the tag of this number, which is \"1\".""#

    static let conditions =
        [
            ("If-Match", #""7""#, neverIssued), ("If-Match", #""abc", "0", "1-zip""#, neverIssued),
            ("If-None-Match", "*", exists), ("If-None-Match", #""1""#, exists),
        ].map { header, tags, detail in
            Scenario(
                "PATCH numbers/1", #"{"setupPrice":"5"}"#, with: [header: tags], gives: 412, detail)
        } + [Scenario("GET numbers/1", with: ["If-None-Match": #""1-zip""#], gives: 200)]

    /// Tags with the suffixes that proxies add when they compress a response.
    static let proxied = ["-gzip", "--gzip", "-br", ";gzip", "-gzip-br", "--br", "-zstd"].flatMap {
        suffix in
        let tags = "\"7\", W/\"1\(suffix)\""
        return [
            Scenario(
                "GET numbers/1", with: ["If-None-Match": tags], gives: 304, has: ["ETag": #""1""#]),
            Scenario("PATCH numbers/1", "{}", with: ["If-Match": tags], gives: 200),
            Scenario("DELETE numbers/1", with: ["If-None-Match": tags], gives: 412),
        ]
    }

    /// The id in a body must be the id in the address.
    static let ids = ["PUT", "PATCH"].flatMap { method in
        func scenario(_ id: String, _ status: Int, _ part: String) -> Scenario {
            Scenario(
                "\(method) numbers/1", "{\"id\":\(id)," + Client.good.dropFirst(), gives: status,
                part)
        }
        return ["1", #""1""#].map { scenario($0, 200, firstJSON) }
            + [
                ("7", "differs from the address: the body's (7) is not 1"),
                (#""7""#, "differs from the address: the body's (7) is not 1"),
                ("1.0", "differs from the address: the body's (1.0) is not 1"),
                (#""123456789012345678901""#, "differs from the address: the body's is not 1"),
                ("null", "must be 1, as in the address, or be left out"),
                ("[]", "must be 1, as in the address, or be left out"),
            ].map { id, detail in scenario(id, 422, #"[{"pointer":"/id","detail":"\#(detail)"}]"#) }
    }
}
