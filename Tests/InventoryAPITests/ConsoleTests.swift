import Foundation
@testable import InventoryAPI
import StoreTesting
import Testing

/// The console's files, as a browser gets them.
@Suite(.stores) struct ConsoleTests {
    private let client: Client

    init() async throws {
        client = try await Client()
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8"), ("/docs", "text/html; charset=utf-8"),
        ("/numbers/42", "text/html; charset=utf-8"), ("/changes", "text/html; charset=utf-8"),
        ("/changes/7", "text/html; charset=utf-8"), ("/import", "text/html; charset=utf-8"),
        ("/people", "text/html; charset=utf-8"),
        ("/console/app.js", "text/javascript; charset=utf-8"),
        ("/console/console.css", "text/css; charset=utf-8"), ("/console/icon.svg", "image/svg+xml"),
    ])
    func fileHasSecurityHeadersAndATag(path: String, type: String) async throws {
        let response = try await client.send("GET \(path)", as: .guest)
        #expect(response.status == 200)
        #expect(response["Content-Type"] == type)
        #expect(response["X-Content-Type-Options"] == "nosniff")
        #expect(response["Referrer-Policy"] == "no-referrer")
        let policy = try #require(response["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'; script-src 'self'; style-src 'self'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        let tag = try #require(response["ETag"])
        let again = try await client.send(
            "GET \(path)", headers: ["If-None-Match": tag], as: .guest)
        #expect(again.status == 304)
        #expect(again.text.isEmpty)
    }

    @Test func otherPathsReturn404() async throws {
        for path in ["/console/", "/console/index.html", "/console/..%2Fapp.js", "/console/x.js"] {
            let status = try await client.send("GET \(path)", as: .guest).status
            #expect(status == 404, "\(path)")
        }
    }

    /// The texts of some pages, and of all files that these import directly or indirectly.
    private func texts(
        from pages: Set<String>, imports: Regex<(Substring, Substring)>
    ) async throws -> [String: String] {
        var waiting = pages
        var texts: [String: String] = [:]
        while let path = waiting.popFirst() {
            let response = try await client.send("GET \(path)", as: .guest)
            #expect(response.status == 200, "\(path)")
            texts[path] = response.text
            let references = response.text.matches(of: /(?:src|href)="(\/console\/[a-z.-]+)"/)
            waiting.formUnion(references.map { String($0.1) })
            waiting.formUnion(response.text.matches(of: imports).map { "/console/\($0.1).js" })
            waiting.subtract(texts.keys)
        }
        return texts
    }

    @Test func pagesReferToFilesOfTheConsoleOnly() async throws {
        let texts = try await texts(
            from: ["/", "/docs", "/problems/not-found"],
            imports: /(?:from "\.\/|(?:load|withModule)\(\s*")([a-z-]+)(?:\.js)?"/)
        for (path, text) in texts {
            #expect(!text.contains("://") || path.hasSuffix(".svg"), "\(path)")
            #expect(!text.contains("innerHTML"))
        }
        let names = texts.keys.filter { $0.hasPrefix("/console/") }.map { String($0.dropFirst(9)) }
        let files = try Self.files.map(\.lastPathComponent).filter { !$0.hasSuffix(".html") }
        #expect(Set(names) == Set(files))
    }

    /// Bounds the files that a browser loads before it shows the table.
    @Test func pageIsSmall() async throws {
        let texts = try await texts(from: ["/"], imports: /from "\.\/([a-z-]+)\.js"/)
        let sizes = texts.mapValues(\.utf8.count)
        #expect(sizes.values.reduce(0, +) < 120_000, "\(sizes)")
    }

    @Test func everyFileIsServedWithoutCommentsAndIndentation() async throws {
        for file in try Self.files {
            let content = try String(contentsOf: file, encoding: .utf8)
            let name = file.lastPathComponent
            let path = name == "index.html" ? "/" : "/console/\(name)"
            let text = try await client.send("GET \(path)", as: .guest).text
            let stripped = Array(content.utf8).stripped
            let served =
                switch file.pathExtension {
                case "js": stripped.compacted
                case "css": stripped.compactedStyle
                default: stripped
                }
            #expect(text == String(decoding: served, as: UTF8.self), "\(name)")
            #expect(!text.contains("\n\n"))
            for line in text.split(separator: "\n") {
                let isStripped = line.first?.isWhitespace == false && !line.hasPrefix("//")
                #expect(isStripped && !line.hasPrefix("/*"), "\(name): \(line)")
            }
        }
    }

    /// A template literal with a line break, a `pre`, and a text of a style would lose blanks.
    @Test func noTextDependsOnIndentation() throws {
        for file in try Self.files {
            let content = try String(contentsOf: file, encoding: .utf8)
            if file.pathExtension == "html" { #expect(!content.contains("<pre")) }
            let breaksInStyle = content.contains(/content: "[^"\n]*[ :,;{}]/)
            if file.pathExtension == "css" { #expect(!breaksInStyle) }
            guard file.pathExtension == "js" else { continue }
            for line in content.split(separator: "\n")
            where line.count(where: { $0 == "`" }) % 2 == 1 {
                let breaksInCode = line.hasSuffix("${") || line.contains(/^ *}/)
                #expect(breaksInCode, "\(file.lastPathComponent): \(line)")
            }
        }
    }

    @Test(arguments: [
        ("a\n\n  b\n", "a\nb\n"), ("// a\nb // c\n\t// d", "b // c\n"),
        ("/** a\n * b\n */\nc\n", "c\n"),
        ("/* a */ b\n/* c */\nd /* e\nf */\n", "b\nd /* e\nf */\n"),
        ("/*/ a\nb */ /* c */ d", "d\n"), ("/* a\n// b */ c\n", "c\n"), ("", ""), ("/* a", ""),
    ])
    func strippedTextHasTheSameMeaning(text: String, stripped: String) {
        #expect(String(decoding: Array(text.utf8).stripped, as: UTF8.self) == stripped)
    }

    @Test(arguments: [
        (
            "const a = { b: 1, c: f(x) };\nlet d = a?.b - -1;\n",
            "const a={b:1,c:f(x)};let d=a?.b - -1;"
        ),
        (#"f("a ( \" b", c);"# + "\n", #"f("a ( \" b",c);"#),
        ("a = b // c, d;\ne\n", "a=b // c, d;\ne\n"),
        ("f(/a, b/, c)\nf('a, b', c)\n", "f(/a, b/, c)\nf('a, b', c)\n"),
        ("x = `a ( ${\nf(b, c)\n} ) ${d} `;\ne = g\n", "x=`a ( ${f(b, c)\n} ) ${d} `;e=g\n"),
        ("f(\na,\n)\n[b]\n", "f(a,)\n[b]\n"),
    ])
    func compactedScriptHasTheSameMeaning(script: String, compacted: String) {
        #expect(String(decoding: Array(script.utf8).compacted, as: UTF8.self) == compacted)
    }

    @Test func compactedStyleHasTheSameMeaning() {
        let style = "@media (width < 9px) {\na :hover,\nb {\nmargin: 0 -1px;\n}\n}\n"
        let compacted = "@media (width < 9px){a :hover,b{margin:0 -1px;}}"
        #expect(String(decoding: Array(style.utf8).compactedStyle, as: UTF8.self) == compacted)
    }

    @Test(arguments: [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
        ("text/html", true), ("text/*;q=0.5, */*;q=0.4", true), ("*/*", false), ("", false),
        ("application/json", false), ("application/json, text/html", false),
        ("text/html;q=0.5, application/problem+json", false), ("text/html;q=0", false),
    ])
    func browserGetsAPageAtAnUnknownAddress(accept: String, isPage: Bool) async throws {
        for path in ["/nothing", "/api/v1/<b>", "/console/x.js"] {
            for method in ["GET", "HEAD", "PUT"] {
                let response = try await client.send(
                    "\(method) \(path)", headers: ["Accept": accept], as: .guest)
                let hasPage = isPage && method != "PUT"
                #expect(
                    response["Content-Type"]
                        == (hasPage ? "text/html; charset=utf-8" : "application/problem+json"))
                guard hasPage, method == "GET" else { continue }
                #expect(response.status == 404)
                #expect(response.text.contains(#"<h1 tabindex="-1">Not found (404)</h1>"#))
                let shown = path.replacing("<b>", with: "&lt;b&gt;")
                #expect(response.text.contains("<p>There is nothing at \(shown).</p>"))
                #expect(!response.text.contains("{") && response.text.contains("</main>"))
                #expect(response["Content-Security-Policy"]?.contains("default-src 'none'") == true)
            }
        }
    }

    @Test func filesOfAFolderAreReadAtEachRequest() async throws {
        let folder = try await temporaryFolder()
        var configuration = InventoryConfiguration.testing()
        configuration.consoleFiles = folder.path
        let client = try await Client(configuration: configuration)
        for text in ["one", "two"] {
            for (path, name) in [("/", "index.html"), ("/console/app.js", "app.js")] {
                try Data(text.utf8).write(to: folder.appending(path: name))
                #expect(try await client.send("GET \(path)", as: .guest).text == text)
            }
        }
        #expect(try await client.status("GET /console/api.js", as: .guest) == 404)
    }

    private static var files: [URL] {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appending(
                    path: "Sources/Resources/console")
            return try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil
            ).filter { !$0.lastPathComponent.hasSuffix(".d.ts") }
        }
    }

    @Test(arguments: [
        ("gzip", true), ("br, gzip;q=0.8", true), ("gzip;q=1.0", true), ("gzip;q=0", false),
        ("gzip; q=0.0", false), ("br", false), ("identity", false), ("gzipped", false), ("", false),
    ])
    func fileIsCompressedIfTheClientAcceptsGzip(coding: String, isCompressed: Bool) async throws {
        let path = "/console/console.css"
        let plain = try await client.send("GET \(path)", as: .guest)
        let response = try await client.send(
            "GET \(path)", headers: ["Accept-Encoding": coding], as: .guest)
        #expect(response.status == 200)
        #expect(response["Vary"]?.contains("Accept-Encoding") == true)
        #expect(plain["Vary"]?.contains("Accept-Encoding") == true)
        #expect(response["Content-Encoding"] == (isCompressed ? "gzip" : nil))
        // The compressed file has its own tag.
        #expect((response["ETag"] == plain["ETag"]) != isCompressed)
        let tag = try #require(response["ETag"])
        let again = try await client.send(
            "GET \(path)", headers: ["Accept-Encoding": coding, "If-None-Match": tag], as: .guest)
        #expect(again.status == 304)
        #expect(again["ETag"] == tag)
        #expect(again["Vary"]?.contains("Accept-Encoding") == true)
        #expect(again["Content-Encoding"] == nil)
        let other = try await client.send(
            "GET \(path)", headers: ["If-None-Match": tag], as: .guest)
        #expect(other.status == (isCompressed ? 200 : 304))
        if isCompressed {
            let length = try #require(response["Content-Length"].flatMap(Int.init))
            #expect(length * 3 < plain.text.utf8.count)
        }
    }
}
