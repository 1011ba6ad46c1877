import Foundation
import InventoryAPI
import Testing

/// The console's files, as a browser gets them.
@Suite struct ConsoleTests {
    @Test(arguments: [
        ("/", "text/html; charset=utf-8"), ("/docs", "text/html; charset=utf-8"),
        ("/numbers/42", "text/html; charset=utf-8"), ("/changes", "text/html; charset=utf-8"),
        ("/changes/7", "text/html; charset=utf-8"), ("/import", "text/html; charset=utf-8"),
        ("/people", "text/html; charset=utf-8"),
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

    /// Everything that the pages ask for is there and is ours.
    @Test func allThatIsReferredToIsThere() async throws {
        try await Client.with { client in
            var waiting: Set = ["/", "/docs", "/problems/not-found"]
            var seen: Set<String> = []
            while let path = waiting.popFirst() {
                let answer = try await client.send("GET", path, as: .guest)
                #expect(answer.status == 200, "\(path)")
                seen.insert(path)
                #expect(!answer.text.contains("://") || path.hasSuffix(".svg"), "\(path)")
                #expect(!answer.text.contains("innerHTML"))
                let references = answer.text.matches(of: /(?:src|href)="(\/console\/[a-z.-]+)"/)
                    .map { String($0.1) }
                let imports = answer.text.matches(of: /(?:from |import\()"\.\/([a-z.-]+)"/)
                    .map { "/console/" + $0.1 }
                waiting.formUnion(Set(references + imports).subtracting(seen))
            }
            let asked = Set(seen.filter { $0.hasPrefix("/console/") }.map { $0.dropFirst(9) })
            let files = Set(
                try Self.files.map(\.lastPathComponent).filter { !$0.hasSuffix(".html") })
            #expect(asked == Set(files.map { $0[...] }))
        }
    }

    @Test func theFolderIsServed() async throws {
        try await Client.with { client in
            for file in try Self.files {
                let content = try String(contentsOf: file, encoding: .utf8)
                let name = file.lastPathComponent
                let path =
                    ["index.html": "/", "docs.html": "/docs"][name] ?? "/console/\(name)"
                let text = try await client.send("GET", path, as: .guest).text
                #expect(text == content, "\(name)")
            }
        }
    }

    @Test func filesOfAFolderAreReadAtEachRequest() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = InventoryConfiguration.testing()
        configuration.consoleFiles = folder.path
        try await Client.with(configuration: configuration) { client in
            for text in ["one", "two"] {
                for (path, name) in [("/", "index.html"), ("/console/app.js", "app.js")] {
                    try Data(text.utf8).write(to: folder.appending(path: name))
                    #expect(try await client.send("GET", path, as: .guest).text == text)
                }
            }
            #expect(try await client.send("GET", "/console/api.js", as: .guest).status == 404)
        }
    }

    /// What is loaded before the table is there is little.
    @Test func thePageIsSmall() async throws {
        try await Client.with { client in
            var waiting: Set = ["/"]
            var sizes: [String: Int] = [:]
            while let path = waiting.popFirst() {
                let text = try await client.send("GET", path, as: .guest).text
                sizes[path] = text.utf8.count
                let references = text.matches(of: /(?:src|href)="(\/console\/[a-z.-]+)"/)
                    .map { String($0.1) }
                let imports = text.matches(of: /from "\.\/([a-z.-]+)"/).map { "/console/" + $0.1 }
                waiting.formUnion(Set(references + imports).subtracting(sizes.keys))
            }
            #expect(sizes.values.reduce(0, +) < 120_000, "\(sizes)")
        }
    }

    private static var files: [URL] {
        get throws {
            let folder = URL(filePath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Sources/Resources/console")
            return try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
        }
    }

    @Test(arguments: [
        ("gzip", true), ("br, gzip;q=0.8", true), ("gzip;q=1.0", true), ("gzip;q=0", false),
        ("gzip; q=0.0", false), ("br", false), ("identity", false), ("gzipped", false), ("", false),
    ])
    func aFileIsCompressedForWhoTakesIt(coding: String, isCompressed: Bool) async throws {
        try await Client.with { client in
            let path = "/console/console.css"
            let plain = try await client.send("GET", path, as: .guest)
            let answer = try await client.send(
                "GET", path, headers: ["Accept-Encoding": coding], as: .guest)
            #expect(answer.status == 200)
            #expect(answer["Vary"]?.contains("Accept-Encoding") == true)
            #expect(plain["Vary"]?.contains("Accept-Encoding") == true)
            #expect(answer["Content-Encoding"] == (isCompressed ? "gzip" : nil))
            // Other bytes have another tag, which is good for those alone.
            #expect((answer["ETag"] == plain["ETag"]) != isCompressed)
            let tag = try #require(answer["ETag"])
            let again = try await client.send(
                "GET", path, headers: ["Accept-Encoding": coding, "If-None-Match": tag], as: .guest)
            #expect(again.status == 304)
            #expect(again["ETag"] == tag)
            #expect(again["Vary"]?.contains("Accept-Encoding") == true)
            #expect(again["Content-Encoding"] == nil)
            let other = try await client.send(
                "GET", path, headers: ["If-None-Match": tag], as: .guest)
            #expect(other.status == (isCompressed ? 200 : 304))
            if isCompressed {
                let length = try #require(answer["Content-Length"].flatMap(Int.init))
                #expect(length * 3 < plain.text.utf8.count)
            }
        }
    }
}
