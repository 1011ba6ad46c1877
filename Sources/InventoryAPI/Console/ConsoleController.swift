internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The files of the web console.
struct ConsoleController {
    /// The folder from which files are read at each request; nil to serve the embedded files.
    let folder: String?

    /// The headers of a page.
    static let headers: HTTPFields = [
        .contentType: "text/html; charset=utf-8",
        .contentSecurityPolicy: """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """,
        .referrerPolicy: "no-referrer",
        .cacheControl: "no-cache",
    ]

    /// The handler of a page; the page's scripts read the address.
    func page(_ name: String) -> Route.Handler<APIContext> {
        { request, context in try await response(to: request, name, context) }
    }

    func file(_ request: Request, context: APIContext) async throws -> Response {
        let name = context.parameter
        return try await response(
            to: request, name.utf8.suffix(5).elementsEqual(".html".utf8) ? "" : name, context)
    }

    /// Browsers revalidate each file at each use, so that all files have the same version.
    private func response(
        to request: Request, _ name: String, _ context: APIContext
    ) async throws -> Response {
        let missing = Problem(.notFound, "There is nothing at \(request.uri.path).")
        guard name.isASCII, let file = ConsoleFile.all[name] else { throw missing }
        var headers = Self.headers
        headers[.contentType] = file.type
        headers[.vary] = "Accept-Encoding"
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
        return try request.response(body, headers)
    }
}
