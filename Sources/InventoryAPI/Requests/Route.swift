internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import NumberFiles

/// One line of the table in `Routes.swift`.
package final class Route: Sendable {
    typealias Handler<Context> = @Sendable (Request, Context) async throws -> Response

    /// The users that may use a route, and its handler.
    enum Access {
        /// Requires no sign-in, even if the server does.
        case guest(Handler<APIContext>)
        case user(Handler<UserContext>)
        case supervisor(Handler<UserContext>)
        /// Requires a signed-in supervisor: with `--no-auth`, every client is a supervisor, but a
        /// change of users would outlast `--no-auth`.
        case signedInSupervisor(Handler<UserContext>)
    }

    enum Mark {
        /// The response depends only on the request, its user and the state of the store.
        case cacheable
        /// The request may have an `Idempotency-Key`.
        case idempotent
        /// The body is a file of numbers, or may list as many ids as one change can have.
        case fileBody, selectionBody
        /// The response is a file of numbers.
        case fileFormats
    }

    private static let largestSelection = 1024 * 1024
    private static let largestFile = 64 * 1024 * 1024

    package let method: String
    /// A part in braces, such as `{id}`, is the parameter, which matches any text.
    package let path: String
    let access: Access
    let marks: [Mark]
    let largestBody: Int
    /// The media types of the response, to check `Accept`; empty if it is not checked.
    let mediaTypes: [String]

    init(_ method: HTTPRequest.Method, _ path: String, _ access: Access, _ marks: Mark...) {
        self.method = method.rawValue
        self.path = path
        self.access = access
        self.marks = marks
        largestBody =
            marks.contains(.fileBody)
            ? Self.largestFile
            : marks.contains(.selectionBody) ? Self.largestSelection : ConnectionLimits.shortBody
        mediaTypes =
            marks.contains(.fileFormats)
            ? FileFormat.written.map(\.mediaType)
            : path.hasPrefix("/api/") ? ["application/json"] : []
    }
}

extension Route.Access {
    func check(_ user: User) throws(Problem) {
        switch self {
        case .guest, .user: return
        case .supervisor, .signedInSupervisor: break
        }
        guard user.role == .supervisor else {
            throw Problem(
                .notPermitted,
                "A \(user.role.rawValue) can read the numbers; only a supervisor may do this.")
        }
        if case .signedInSupervisor = self, user == Authenticator.everybody.user {
            throw Problem(
                .notPermitted,
                "Users can be changed only if sign-in is required: start without --no-auth.")
        }
    }
}
