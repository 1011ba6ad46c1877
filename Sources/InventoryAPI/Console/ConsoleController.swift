internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The files of the console, the supervisor's table in a browser, and of `/docs`, the description of
/// the API for people.
///
/// They are inside the program.
struct ConsoleController {
    func addRoutes(to router: some RouterMethods<APIContext>) {
        // The console's own addresses: which page each of them is, its scripts find out.
        for path in ["", "numbers/{id}", "changes", "changes/{id}", "import", "people"] {
            router.get(RouterPath(path), use: console)
        }
        router.get("docs", use: docs)
        router.get("console/{file}", use: file)
    }

    @Sendable func console(_ request: Request, context: APIContext) async throws -> Response {
        try request.answer(.console)
    }

    @Sendable func docs(_ request: Request, context: APIContext) async throws -> Response {
        try request.answer(.docs)
    }

    @Sendable func file(_ request: Request, context: APIContext) async throws -> Response {
        guard let name = context.parameters.get("file"), name.isASCII,
            let file = ConsoleFile.all[name]
        else {
            throw Problem.notFound("There is nothing at \(request.uri.path).")
        }
        return try request.answer(file)
    }
}

extension Request {
    /// Answers with the file, or with 304 where the browser has it.
    ///
    /// The browser is told to ask each time, so that all its files are of one version.
    fileprivate func answer(_ file: ConsoleFile) throws -> Response {
        var headers: HTTPFields = [
            .contentType: file.type,
            .contentSecurityPolicy: """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
            connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """,
            .referrerPolicy: "no-referrer",
            .cacheControl: "no-cache",
            .vary: "Accept-Encoding",
        ]
        var body = file.plain
        if let compressed = file.compressed, acceptsGzip {
            headers[.contentEncoding] = "gzip"
            body = compressed
        }
        let response = Response(
            status: .ok, headers: headers, body: .init(byteBuffer: body.content))
        return try unlessMatching(body.tag, response)
    }

    /// Whether the client takes an answer that is compressed so (RFC 9110 §12.5.3).
    ///
    /// A weight that is not 0 counts as 1: who names gzip at all is served well by it.
    private var acceptsGzip: Bool {
        guard let text = headers[.acceptEncoding] else { return false }
        return text.utf8.split(separator: UInt8(ascii: ",")).contains { coding in
            let parts = coding.split(separator: UInt8(ascii: ";"))
                .map { String(decoding: $0, as: UTF8.self).trimmingBlanks().lowercased() }
            guard let name = parts.first, name.hasSameBytes(as: "gzip") else { return false }
            return !parts.dropFirst().contains {
                ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0)
            }
        }
    }
}
