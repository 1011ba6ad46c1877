internal import HTTPServer
package import Hummingbird
internal import HummingbirdCore
package import Logging
package import NIOCore

extension APIResponder {
    /// The server, whose connections have bounds on memory and time.
    ///
    /// - Parameter onServerRunning: Called once the server listens.
    package func application(
        _ configuration: ApplicationConfiguration, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<APIResponder> {
        Application(
            responder: self,
            server: HTTPServerBuilder { BoundedHTTPChannel(responder: $0, early: self) },
            configuration: configuration, onServerRunning: onServerRunning, logger: logger)
    }
}
