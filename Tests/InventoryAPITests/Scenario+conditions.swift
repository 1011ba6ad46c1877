extension Scenario {
    /// Tags with what proxies add to them when they compress a response.
    static let proxied = ["-gzip", "--gzip", "-br", ";gzip", "-gzip-br", "--br", "-zstd"].flatMap {
        suffix in
        let tags = "\"7\", W/\"1\(suffix)\""
        return [
            Scenario(
                "unchanged, with \(suffix)", "GET", first, headers: ["If-None-Match": tags],
                gives: 304, answers: ["ETag": #""1""#]),
            Scenario(
                "holds, with \(suffix)", "PATCH", first, "{}", headers: ["If-Match": tags],
                gives: 200),
            Scenario(
                "refused, with \(suffix)", "DELETE", first, headers: ["If-None-Match": tags],
                gives: 412),
        ]
    }

    static let conditions = [
        condition("a later tag", "If-Match", #""7""#, contains: neverIssued),
        condition("foreign tags", "If-Match", #""abc", "0", "1-zip""#, contains: neverIssued),
        condition("any tag", "If-None-Match", "*", contains: exists),
        condition("the tag", "If-None-Match", #""1""#, contains: exists),
        Scenario(
            "another suffix", "GET", first, headers: ["If-None-Match": #""1-zip""#], gives: 200),
    ]

    private static let neverIssued =
        #""detail":"If-Match names no tag that this number has had: its tag is \"1\".""#
    private static let exists =
        #""detail":"If-None-Match excludes the tag of this number, which is \"1\".""#

    private static func condition(
        _ name: String, _ header: String, _ tags: String, contains text: String
    ) -> Scenario {
        Scenario(
            name, "PATCH", first, #"{"setupPrice":"5"}"#, headers: [header: tags], gives: 412,
            contains: [text])
    }
}
