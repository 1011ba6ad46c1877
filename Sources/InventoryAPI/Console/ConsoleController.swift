internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The files of the console, the supervisor's table in a browser, and of `/docs`, the description of
/// the API for people.
struct ConsoleController {
    /// The folder from which files are read at each request; nil to serve the embedded files.
    let folder: String?

    func addRoutes(to router: some RouterMethods<APIContext>) {
        // The console's own addresses: which page each of them is, its scripts find out.
        for path in ["", "numbers/{id}", "changes", "changes/{id}", "import", "people"] {
            router.get(RouterPath(path)) { request, context in
                try await response(to: request, "index.html", context)
            }
        }
        router.get("docs") { request, context in
            try await response(to: request, "docs.html", context)
        }
        router.get("console/{file}") { request, context in
            let name = context.parameters.get("file") ?? ""
            return try await response(to: request, name.hasSuffix(".html") ? "" : name, context)
        }
    }

    /// Returns the file, or 304 if the browser has it.
    ///
    /// The browser is told to ask each time, so that all its files are of one version.
    private func response(
        to request: Request, _ name: String, _ context: APIContext
    ) async throws -> Response {
        let missing = Problem.notFound("There is nothing at \(request.uri.path).")
        guard name.isASCII, let file = ConsoleFile.all[name] else { throw missing }
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
        if let folder {
            let path = "\(folder)/\(name)"
            guard let body = try? await FileIO().loadFile(path: path, context: context) else {
                throw missing
            }
            return Response(status: .ok, headers: headers, body: body)
        }
        var body = file.plain
        if let compressed = file.compressed, request.acceptsGzip {
            headers[.contentEncoding] = "gzip"
            body = compressed
        }
        let response = Response(
            status: .ok, headers: headers, body: .init(byteBuffer: body.content))
        return try request.notModifiedIfMatching(body.tag, response)
    }
}

extension Request {
    /// Whether the client takes an answer that is compressed so (RFC 9110 §12.5.3).
    ///
    /// A weight that is not 0 counts as 1: who names gzip at all is served well by it.
    fileprivate var acceptsGzip: Bool {
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
