internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// `Sources/Resources/problems.json` has the status and texts of each type. Only the proxy responds
/// with `tooManyRequests` and `transferCodingUnknown`.
package enum ProblemType: String, CaseIterable, Sendable {
    case malformedRequest, malformedBody, invalidParameter, malformedHeader, notSignedIn
    case signInRefused, notPermitted, originNotAllowed, notFound, methodNotAllowed
    case notAcceptable, requestTimeout, numberExists, userExists, lastSupervisor
    case cannotUndo, idempotencyKeyInUse, versionConflict, previewOutdated
    case contentTooLarge, uriTooLong, unsupportedMediaType, misdirectedRequest
    case validationFailed, idempotencyKeyReused, tooManyAttempts, tooManyIdempotencyKeys
    case tooManyRequests, headersTooLarge, internalError, transferCodingUnknown
    case httpVersionNotSupported, unavailable, outcomeUnknown

    /// The last part of ``address``, such as `not-found`.
    package var name: String {
        rawValue.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
    }

    private static let texts: [String: JSONValue] = {
        let file = String(decoding: EmbeddedFiles.contents["problems.json"] ?? [], as: UTF8.self)
        guard case .object(let types)? = try? JSONParser.parse(file) else { return [:] }
        return Dictionary(types.map { ($0.name, $0.value) }) { $1 }
    }()

    private func text(_ member: String) -> String {
        switch Self.texts[name]?[member] {
        case .string(let text)?, .number(let text)?: text
        default: preconditionFailure("problems.json has no \(member) of \(name)")
        }
    }

    /// A problem's member `type`: a path, which is right for every host.
    var address: String { "/problems/" + name }

    var status: HTTPResponse.Status { .init(integerLiteral: Int(text("status")) ?? 500) }

    package var title: String { text("title") }

    static func getPage(_ request: Request, context: APIContext) async throws -> Response {
        let name = context.parameter
        guard let type = allCases.first(where: { $0.name.hasSameBytes(as: name) }) else {
            throw Problem(.notFound, "There is no such type of problem.")
        }
        return Response(
            page: type.content, status: .ok,
            [
                ("{TITLE}", type.pageTitle), ("{CAUSE}", type.text("cause")),
                ("{EXAMPLE}", type.text("example")), ("{REMEDY}", type.text("remedy")),
            ])
    }

    fileprivate var content: String {
        String(decoding: EmbeddedFiles.contents["problem.html"] ?? [], as: UTF8.self)
    }

    fileprivate var pageTitle: String { "\(title) (\(status.code))" }
}

extension Problem {
    /// The page of a problem without its type's example and remedy, which follow the first heading.
    var page: Response {
        let content = type.content
        let end = content.firstRange(of: "<h2>")?.lowerBound ?? content.endIndex
        return Response(
            page: content[..<end] + "<p><a href=\"/\">Show all numbers</a></p>\n</div>\n",
            status: type.status, [("{TITLE}", type.pageTitle), ("{CAUSE}", detail)])
    }
}

extension Response {
    /// A page of the console with `content`.
    fileprivate init(
        page content: String, status: HTTPResponse.Status, _ texts: [(name: String, text: String)]
    ) {
        var page = String(decoding: EmbeddedFiles.contents["index.html"] ?? [], as: UTF8.self)
        if let start = page.firstRange(of: "<main id=\"main\">")?.upperBound,
            let end = page.firstRange(of: "</main>")?.lowerBound
        {
            page.replaceSubrange(start..<end, with: content)
        }
        page.replace("<title>", with: "<title>{TITLE} – ")
        page = texts.reduce(page) { $0.replacing($1.name, with: $1.text.escapedForHTML) }
        self.init(
            status: status, headers: ConsoleController.headers,
            body: .init(byteBuffer: ByteBuffer(string: page)))
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
