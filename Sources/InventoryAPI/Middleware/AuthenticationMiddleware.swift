internal import Credentials
internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// Who may use the API.
package enum Access: Sendable {
    /// Those who have signed in, each as the user's role permits.
    case users
    /// Everybody as a supervisor, for work on front ends that know no tokens yet.
    case everybody
}

/// Finds out whose request it is, and refuses those of nobody (RFC 6750).
struct AuthenticationMiddleware: RouterMiddleware {
    let authenticator: Authenticator

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if authenticator.needsToken {
            guard let token = try Self.token(of: request) else { throw Problem.tokenRefused }
            context.token = token
        }
        let digest = context.token?.digest
        let authentication = try await authenticator.authenticate(digest)
        guard let session = authentication.session else { throw Problem.tokenRefused }
        context.session = session
        context.cacheSlot?.authenticated(digest, authentication)
        return try await next(request, context)
    }

    /// The token that the request shows; nil where what it shows can be no token.
    ///
    /// - Throws: ``Problem`` where it shows nothing, or several.
    private static func token(of request: Request) throws -> SessionToken? {
        let values = request.headers[values: .authorization]
        guard let value = values.first, value.isASCII else { throw Problem.notSignedIn }
        guard values.count == 1 else {
            throw Problem(
                type: .malformedHeader, detail: "Authorization must be given once only.")
        }
        let parts = value.utf8.split(separator: UInt8(ascii: " "))
        guard let scheme = parts.first, String(Substring(scheme)).lowercased() == "bearer" else {
            throw Problem.notSignedIn
        }
        return parts.count == 2 ? SessionToken(String(Substring(parts[1]))) : nil
    }
}

extension Problem {
    /// The request shows no token.
    static let notSignedIn = Problem(
        type: .notSignedIn, detail: "Sign in, or send Authorization: Bearer <token>.",
        headers: [.wwwAuthenticate: "Bearer"])

    /// The token is unknown, or its session has ended: the client is not told which.
    static let tokenRefused = Problem(
        type: .notSignedIn,
        detail: "The token is unknown, or its session has ended. Sign in again.",
        headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#])
}
