internal import ArgumentParser
internal import NIOCore
internal import NIOPosix

struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check whether the server can serve requests; exit status 0 or 1.",
        discussion: "It requests /readyz at the address of carrier serve.")

    @Flag(help: "Ask only for requests that read (/readyz?reads).")
    var reads = false
    @OptionGroup var listen: ListenOptions

    /// A working server takes less time to respond.
    private static let timeout = TimeAmount.seconds(3)

    func run() async throws {
        let configured = try Settings.host.value(listen.host)
        let port = try Settings.port.value(listen.port)
        // A server that listens on all addresses also listens on loopback.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][configured] ?? configured
        let place = "\(host), port \(port)"
        let path = reads ? "/readyz?reads" : "/readyz"
        guard let status = try? await Self.status(of: path, host, port) else {
            throw CommandFailure("No server responds at \(place).")
        }
        guard status == "200" else {
            throw CommandFailure("The server at \(place) is not ready: its status is \(status).")
        }
        print("The server at \(place) is ready.")
    }

    private static func status(
        of path: String, _ host: String, _ port: Int
    ) async throws -> Substring {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(timeout)
        let channel = try await bootstrap.connect(host: host, port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        channel.channel.eventLoop.scheduleTask(in: timeout) { channel.channel.close(promise: nil) }
        return try await channel.executeThenClose { inbound, outbound in
            let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            try await outbound.write(ByteBuffer(string: request))
            var response = ""
            for try await part in inbound {
                response += String(buffer: part)
                if let match = response.firstMatch(of: #/^HTTP/1\.1 (\d{3}) /#) { return match.1 }
            }
            throw ChannelError.eof
        }
    }
}
