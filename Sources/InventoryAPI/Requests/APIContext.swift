internal import Credentials
internal import Foundation
internal import HTTPServer
package import Hummingbird
internal import Inventory
internal import Logging
internal import NIOCore

/// What the server knows about a request, beyond its HTTP message.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's address that a trusted proxy reports.
    var forwardedAddress: ClientAddress?
    /// The client's header `Host`, which a ``PublicURL`` does not replace.
    var host: String?
    var match = RouteMatch()
    let channel: any Channel

    /// The text of the path's parameter.
    var parameter: String { match.parameter }

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The client's machine, not a trusted proxy; nil if the connection has no address.
    var clientAddress: ClientAddress? {
        forwardedAddress ?? channel.remoteAddress?.ipAddress.flatMap(ClientAddress.init)
    }
}

/// The context of a request whose user has the permission that its route requires.
struct UserContext {
    let request: APIContext
    let session: Session
    /// Nil if the server requires no sign-in.
    let token: TokenDigest?
    /// Nil if the request has no `Idempotency-Key`.
    var keyedRequest: KeyedRequest?

    var user: User { session.user }
    var logger: Logger { request.logger }
    var author: Author { Author(username: user.username.description, at: Date()) }

    func audit(_ event: Logger.Message, _ metadata: Logger.Metadata) {
        logger.info(event, metadata: metadata.merging(["user": "\(user.username)"]) { $1 })
    }

    /// The id in the path.
    func id(of kind: String) throws -> Int64 {
        guard let id = Int64(positiveID: request.parameter) else {
            throw Problem(.notFound, "There is no \(kind) with id \(request.parameter.shortened).")
        }
        return id
    }
}

extension Int64 {
    /// Reads a positive integer in plain digits: Swift also reads 042 and +42.
    init?(positiveID text: String) {
        guard let id = Int64(text), id > 0, String(id) == text else { return nil }
        self = id
    }
}
