internal import Credentials
internal import HTTPTypes
package import Hummingbird
internal import Inventory
internal import NIOCore

/// What is known of a request beside the request itself.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// What the client, the log and every problem call this request.
    var requestID = ""
    /// The machine that the request comes from, not a trusted proxy; nil if the connection has no address.
    var clientAddress: ClientAddress?
    /// The `Host` of the request, which a ``PublicURL`` does not replace.
    ///
    /// Set by ``APIResponder``.
    var host: String?
    /// Whose request it is.
    ///
    /// Set by ``AuthenticationMiddleware``, as is the token.
    var session: Session?
    /// The token of the request; nil if the server requires no sign-in.
    var token: SessionToken?
    /// Where the response may be cached; nil if responses to such a request are never cached.
    var cacheSlot: CacheSlot?
    /// The connection that the request came by.
    fileprivate let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        clientAddress = source.channel.remoteAddress.flatMap(ClientAddress.init)
    }
}

/// The context of a signed-in user's request, which has the required role.
protocol SignedInContext: RequestContext {
    /// The token of the request; nil if the server requires no sign-in.
    var token: SessionToken? { get }

    /// - Throws: ``Problem`` if the user may not send such requests.
    static func admit(_ user: User) throws
}

/// A request of a signed-in user.
///
/// No other request reaches a handler that takes one: it cannot be created without a session.
struct UserContext: ChildRequestContext, SignedInContext {
    var coreContext: CoreRequestContextStorage
    let session: Session
    let token: SessionToken?
    let cacheSlot: CacheSlot?
    /// The machine that the request comes from, as far as that is known.
    let clientAddress: ClientAddress?
    fileprivate let channel: any Channel

    init(context: APIContext) throws {
        guard let session = context.session else { throw Problem.notSignedIn }
        coreContext = context.coreContext
        self.session = session
        token = context.token
        cacheSlot = context.cacheSlot
        clientAddress = context.clientAddress
        channel = context.channel
    }

    static func admit(_ user: User) {}
}

/// A request of a supervisor.
///
/// No other request reaches a handler that takes one: it cannot be created for another role.
struct SupervisorContext: ChildRequestContext, SignedInContext {
    var coreContext: CoreRequestContextStorage
    let user: User
    let token: SessionToken?
    /// Set by ``IdempotencyMiddleware``; nil without an `Idempotency-Key`.
    var keyedRequest: KeyedRequest?
    /// The connection that the request came by.
    let channel: any Channel

    init(context: UserContext) throws {
        user = context.session.user
        try Self.admit(user)
        coreContext = context.coreContext
        token = context.token
        channel = context.channel
    }

    static func admit(_ user: User) throws {
        guard user.role == .supervisor else {
            throw Problem(
                type: .notPermitted,
                detail:
                    "A \(user.role.rawValue) can read the numbers; only a supervisor may do this.")
        }
    }
}

/// A request of a supervisor who has signed in.
///
/// Where nobody needs to, everybody is a supervisor. An account that anybody made or changed then
/// would still be there when people sign in again.
struct NamedSupervisorContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let user: User

    init(context: SupervisorContext) throws {
        user = context.user
        guard user != Authenticator.everybody.user else {
            throw Problem(
                type: .notPermitted,
                detail: "Users can be changed only where people sign in: start without --no-auth.")
        }
        coreContext = context.coreContext
    }
}
