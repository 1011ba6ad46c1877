internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore
internal import Synchronization

extension APIResponder {
    /// The server of the metrics, which has a port of its own: they are not for the API's clients.
    ///
    /// - Parameter mediaType: What `text` is.
    /// - Parameter text: Writes all metrics as they are now.
    package init(
        metrics text: @escaping @Sendable () -> String, mediaType: String, logger: Logger
    ) {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        MetricsController(mediaType: mediaType, text: text).addRoutes(to: router)
        self.init(router, cache: nil, .init(), logger, isObserved: false)
    }
}

/// All metrics as Prometheus reads them: `/metrics`.
final class MetricsController: Sendable {
    /// How long a text is given again, so that a flood of readers costs no more than one.
    static let lifetime = Duration.seconds(1)

    private let mediaType: String
    private let text: @Sendable () -> String
    private let last = Mutex<(text: ByteBuffer, end: ContinuousClock.Instant)?>(nil)

    init(mediaType: String, text: @escaping @Sendable () -> String) {
        self.mediaType = mediaType
        self.text = text
    }

    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("metrics", use: get)
    }

    @Sendable func get(_ request: Request, context: APIContext) async throws -> Response {
        let text = last.withLock { last in
            if let last, last.end > .now { return last.text }
            let text = ByteBuffer(string: self.text())
            last = (text, .now + Self.lifetime)
            return text
        }
        return Response(
            status: .ok, headers: [.contentType: mediaType], body: .init(byteBuffer: text))
    }
}
