internal import Credentials
internal import HTTPTypes
package import Hummingbird
internal import Inventory
internal import NIOCore

/// What is known of a request beside the request itself.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// What the client, the log and every problem call this request.
    ///
    /// Set by ``RequestIDMiddleware``.
    var requestID = ""
    /// Where the request comes from; nil where that has no address.
    ///
    /// Corrected by ``ForwardedMiddleware``.
    var clientAddress: ClientAddress?
    /// Set by ``AuthenticationMiddleware``, as is the token that was shown.
    var session: Session?
    var token: SessionToken?
    /// What the store held after the request began; nil where it cannot tell.
    ///
    /// Set by ``AuthenticationMiddleware``.
    var state: InventoryState?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        clientAddress = source.channel.remoteAddress.flatMap(ClientAddress.init)
    }
}

/// A request of somebody who is signed in.
///
/// A handler that takes one cannot be reached by anybody else.
struct UserContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let session: Session
    /// Nil where nobody needs one.
    let token: SessionToken?
    /// What the store held after the request began; nil where it cannot tell.
    let state: InventoryState?

    init(context: APIContext) throws {
        guard let session = context.session else { throw Problem.notSignedIn }
        coreContext = context.coreContext
        self.session = session
        token = context.token
        state = context.state
    }
}

/// A request of a supervisor.
///
/// A handler that takes one cannot be reached by anybody else.
struct SupervisorContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let user: User

    init(context: UserContext) throws {
        user = context.session.user
        guard user.role == .supervisor else {
            throw Problem(
                type: .notPermitted,
                detail: "A \(user.role.rawValue) can read the numbers but not change them.")
        }
        coreContext = context.coreContext
    }
}
