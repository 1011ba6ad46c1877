import Foundation
import Testing

/// The console's files, as a browser gets them.
@Suite struct ConsoleTests {
    @Test(arguments: [
        ("/", "text/html; charset=utf-8"), ("/docs", "text/html; charset=utf-8"),
        ("/console/app.js", "text/javascript; charset=utf-8"),
        ("/console/console.css", "text/css; charset=utf-8"), ("/console/icon.svg", "image/svg+xml"),
    ])
    func aFileIsSafeAndCached(path: String, type: String) async throws {
        try await Client.with { client in
            let answer = try await client.send("GET", path, as: .guest)
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == type)
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer["Referrer-Policy"] == "no-referrer")
            let policy = try #require(answer["Content-Security-Policy"])
            #expect(policy.contains("default-src 'none'; script-src 'self'; style-src 'self'"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            let tag = try #require(answer["ETag"])
            let again = try await client.send(
                "GET", path, headers: ["If-None-Match": tag], as: .guest)
            #expect(again.status == 304)
            #expect(again.text.isEmpty)
        }
    }

    @Test func whatIsNotThereIsNotFound() async throws {
        try await Client.with { client in
            for path in [
                "/console/", "/console/index.html", "/console/..%2Fapp.js", "/console/x.js",
            ] {
                let status = try await client.send("GET", path, as: .guest).status
                #expect(status == 404, "\(path)")
            }
        }
    }

    /// Everything that the pages ask for is there, is ours, and together it is small.
    @Test func allThatIsReferredToIsThere() async throws {
        try await Client.with { client in
            var waiting: Set = ["/"]
            var seen: [String: Int] = [:]
            while let path = waiting.popFirst() {
                let answer = try await client.send("GET", path, as: .guest)
                #expect(answer.status == 200, "\(path)")
                seen[path] = answer.text.utf8.count
                #expect(!answer.text.contains("://") || path.hasSuffix(".svg"), "\(path)")
                #expect(!answer.text.contains("innerHTML"))
                let references = answer.text.matches(of: /(?:src|href)="(\/console\/[a-z.]+)"/)
                    .map { String($0.1) }
                let imports = answer.text.matches(of: /from "\.\/([a-z.]+)"/)
                    .map { "/console/" + $0.1 }
                waiting.formUnion(Set(references + imports).subtracting(seen.keys))
            }
            #expect(seen.keys.contains("/console/table.js"))
            #expect(seen.values.reduce(0, +) < 60_000, "\(seen)")
        }
    }
}
