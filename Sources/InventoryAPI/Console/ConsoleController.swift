internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The files of the console, the supervisor's table in a browser, and of `/docs`, the description of
/// the API for people.
///
/// They are inside the program.
struct ConsoleController {
    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("", use: console)
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
        guard let name = context.parameters.get("file"), name.isASCII, let asset = Asset.all[name]
        else {
            throw Problem.notFound("There is nothing at \(request.uri.path).")
        }
        return try request.answer(asset)
    }
}

/// One file of the console.
private struct Asset {
    let type: String
    /// Made once, so that all answers share its bytes.
    let content: ByteBuffer
    let tag: EntityTag

    init(_ type: String, _ content: [UInt8]) {
        self.type = type
        self.content = ByteBuffer(bytes: content)
        tag = EntityTag(ofContent: content)
    }

    static let console = Asset("text/html; charset=utf-8", PackageResources.index_html)
    static let docs = Asset("text/html; charset=utf-8", PackageResources.docs_html)

    static let all: [String: Asset] = [
        "address.js": script(PackageResources.address_js),
        "api.js": script(PackageResources.api_js),
        "app.js": script(PackageResources.app_js),
        "deleting.js": script(PackageResources.deleting_js),
        "docs.js": script(PackageResources.docs_js),
        "editing.js": script(PackageResources.editing_js),
        "elements.js": script(PackageResources.elements_js),
        "members.js": script(PackageResources.members_js),
        "session.js": script(PackageResources.session_js),
        "table.js": script(PackageResources.table_js),
        "console.css": style(PackageResources.console_css),
        "docs.css": style(PackageResources.docs_css),
        "icon.svg": Asset("image/svg+xml", PackageResources.icon_svg),
    ]

    private static func script(_ content: [UInt8]) -> Asset {
        Asset("text/javascript; charset=utf-8", content)
    }

    private static func style(_ content: [UInt8]) -> Asset {
        Asset("text/css; charset=utf-8", content)
    }
}

extension Request {
    /// Answers with the file, or with 304 where the browser has it.
    ///
    /// The browser is told to ask each time, so that all its files are of one version.
    fileprivate func answer(_ asset: Asset) throws -> Response {
        let response = Response(
            status: .ok,
            headers: [
                .contentType: asset.type,
                .contentSecurityPolicy: """
                default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
                """,
                .referrerPolicy: "no-referrer",
                .cacheControl: "no-cache",
            ], body: .init(byteBuffer: asset.content))
        return try unlessMatching(asset.tag, response)
    }
}
