internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// What each type of problem means, for people: `/problems/{name}`, where a problem's `type` leads.
struct ProblemTypesController {
    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("problems/{name}", use: get)
    }

    @Sendable func get(_ request: Request, context: APIContext) async throws -> Response {
        let name = context.parameters.get("name") ?? ""
        guard let type = ProblemType.all.first(where: { $0.name.hasSameBytes(as: name) }) else {
            throw Problem.notFound("There is no such type of problem.")
        }
        return Response(
            title: "\(type.title) (\(type.status.code))",
            body: """
                <p>\(type.cause.escapedForHTML)</p>
                <h2>Example</h2>
                <pre><code>\(type.example.escapedForHTML)</code></pre>
                <h2>What to do</h2>
                <p>\(type.remedy.escapedForHTML)</p>
                """)
    }
}

extension Response {
    /// A document in HTML.
    ///
    /// - Parameter title: The title as plain text.
    /// - Parameter body: What stands below the title, as HTML.
    fileprivate init(title: String, body: String) {
        let text = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>\(title.escapedForHTML)</title>
            <link rel="icon" href="/console/icon.svg">
            <link rel="stylesheet" href="/console/console.css">
            <link rel="stylesheet" href="/console/docs.css">
            <header id="top"><a id="brand" href="/">Telecom Carrier</a>
            <nav id="places"><a href="/docs">API</a></nav></header>
            <main class="docs">
            <h1>\(title.escapedForHTML)</h1>
            \(body)
            </main>

            """
        self.init(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: """
                default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'
                """,
            ],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
