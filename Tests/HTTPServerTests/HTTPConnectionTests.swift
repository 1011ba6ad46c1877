import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import HTTPServer

@Suite struct HTTPConnectionTests {
    private struct NoEarlyResponses: EarlyResponder {
        func response(to head: RequestHead, on channel: any Channel) -> EarlyResponse? { nil }
        func response(to rejected: RejectedRequest) -> CompleteResponse {
            CompleteResponse(.init(status: .badRequest), body: ByteBuffer())
        }
    }

    /// Otherwise NIO would end the process with "Deinited NIOAsyncWriter without calling finish()".
    @Test func connectionIsClosedWhenTheServerReleasesIt() async throws {
        let server = BoundedHTTPChannel(responder: { _, _, _ in }, early: NoEarlyResponses())
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { server.setup(channel: $0, logger: logger).map { _ in } }
            .bind(host: "127.0.0.1", port: 0).get()
        let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(to: #require(listener.localAddress)).get()
        try await client.closeFuture.get()
        try await listener.close()
    }
}
