internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import Synchronization

extension APIResponder {
    /// The responder of the metrics, which have their own port: they are not for the API's clients.
    package init(
        metrics text: @escaping @Sendable () -> String, mediaType: String, logger: Logger
    ) {
        let metrics = MetricsController(mediaType: mediaType, text: text)
        self.init(routes: [Route(.get, "/metrics", .guest(metrics.get))], nil, .init(), logger)
    }
}

/// All metrics in Prometheus' format: `/metrics`.
private final class MetricsController: Sendable {
    /// How long a text is reused, so that many requests cost as little as one.
    private static let lifetime = Duration.seconds(1)

    private let mediaType: String
    private let text: @Sendable () -> String
    private let last = Mutex<(text: ByteBuffer, end: ContinuousClock.Instant)?>(nil)

    init(mediaType: String, text: @escaping @Sendable () -> String) {
        self.mediaType = mediaType
        self.text = text
    }

    func get(_ request: Request, context: APIContext) async throws -> Response {
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
