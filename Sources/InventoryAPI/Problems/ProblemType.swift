internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// A type of problem; only the proxy responds with `tooManyRequests` and `transferCodingUnknown`.
///
/// The raw value is the last part of its address. `Sources/Resources/problems.json` has its status and texts.
package enum ProblemType: String, CaseIterable, Sendable {
    case malformedRequest = "malformed-request"
    case malformedBody = "malformed-body"
    case invalidParameter = "invalid-parameter"
    case malformedHeader = "malformed-header"
    case notSignedIn = "not-signed-in"
    case signInRefused = "sign-in-refused"
    case notPermitted = "not-permitted"
    case originNotAllowed = "origin-not-allowed"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case requestTimeout = "request-timeout"
    case numberExists = "number-exists"
    case userExists = "user-exists"
    case lastSupervisor = "last-supervisor"
    case cannotUndo = "cannot-undo"
    case idempotencyKeyInUse = "idempotency-key-in-use"
    case versionConflict = "version-conflict"
    case previewOutdated = "preview-outdated"
    case contentTooLarge = "content-too-large"
    case uriTooLong = "uri-too-long"
    case unsupportedMediaType = "unsupported-media-type"
    case misdirectedRequest = "misdirected-request"
    case validationFailed = "validation-failed"
    case idempotencyKeyReused = "idempotency-key-reused"
    case tooManyAttempts = "too-many-attempts"
    case tooManyIdempotencyKeys = "too-many-idempotency-keys"
    case tooManyRequests = "too-many-requests"
    case headersTooLarge = "headers-too-large"
    case internalError = "internal-error"
    case transferCodingUnknown = "transfer-coding-unknown"
    case httpVersionNotSupported = "http-version-not-supported"
    case unavailable
    case outcomeUnknown = "outcome-unknown"

    private static let texts: [String: JSONValue] = {
        let file = String(decoding: EmbeddedFiles.contents["problems.json"] ?? [], as: UTF8.self)
        guard case .object(let types)? = try? JSONParser.parse(file) else { return [:] }
        return Dictionary(types.map { ($0.name, $0.value) }) { $1 }
    }()

    private func text(_ member: String) -> String {
        switch Self.texts[rawValue]?[member] {
        case .string(let text)?, .number(let text)?: text
        default: preconditionFailure("problems.json has no \(member) of \(rawValue)")
        }
    }

    /// A problem's member `type`: a path, which is right for every host.
    var address: String { "/problems/" + rawValue }

    var status: HTTPResponse.Status { .init(integerLiteral: Int(text("status")) ?? 500) }

    package var title: String { text("title") }

    /// The page that explains the type.
    private var page: String {
        let template = EmbeddedFiles.contents["problem.html"] ?? []
        let texts = [
            ("{TITLE}", "\(title) (\(status.code))"), ("{CAUSE}", text("cause")),
            ("{EXAMPLE}", text("example")), ("{REMEDY}", text("remedy")),
        ]
        return texts.reduce(String(decoding: template, as: UTF8.self)) { page, text in
            page.replacing(text.0, with: text.1.escapedForHTML)
        }
    }

    /// The handler of `/problems/{name}`.
    static func getPage(_ request: Request, context: APIContext) async throws -> Response {
        let name = context.parameter
        guard let type = allCases.first(where: { $0.rawValue.hasSameBytes(as: name) }) else {
            throw Problem.notFound("There is no such type of problem.")
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: """
                default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'
                """,
            ],
            body: .init(byteBuffer: ByteBuffer(string: type.page)))
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
