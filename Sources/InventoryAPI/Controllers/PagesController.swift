internal import HTTPTypes
internal import Hummingbird

/// The few pages for people: where to start, and what each type of problem means.
struct PagesController {
    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("", use: start)
        router.get("problems/{name}", use: problem)
    }

    @Sendable func start(_ request: Request, context: APIContext) async throws -> Response {
        Response(
            page: "Telecom Carrier",
            body: """
                <p>The inventory of phone numbers for sale.</p>
                <ul>
                <li><a href="/api/v1/numbers">The numbers</a></li>
                <li><a href="/api/v1/openapi.json">The API's description, OpenAPI 3.1</a></li>
                <li><a href="/readyz">Whether the service is ready</a></li>
                </ul>
                """)
    }

    @Sendable func problem(_ request: Request, context: APIContext) async throws -> Response {
        let name = context.parameters.get("name")
        guard let type = ProblemType.all.first(where: { $0.name == name }) else {
            throw Problem.notFound("There is no such type of problem.")
        }
        return Response(
            page: "\(type.title) (\(type.status.code))",
            body: """
                <p>\(type.cause.escapedForHTML)</p>
                <h2>Example</h2>
                <pre><code>\(type.example.escapedForHTML)</code></pre>
                <h2>What to do</h2>
                <p>\(type.mending.escapedForHTML)</p>
                """)
    }
}

extension Response {
    /// - Parameter title: Plain text.
    /// - Parameter body: HTML.
    fileprivate init(page title: String, body: String) {
        let text = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>\(title.escapedForHTML)</title>
            <h1>\(title.escapedForHTML)</h1>
            \(body)

            """
        self.init(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            ],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
