internal import ArgumentParser
internal import NIOCore
internal import NIOHTTP1
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
        let host =
            switch configured {
            // A server that listens on all addresses also listens on loopback.
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: configured
            }
        let place = "\(host), port \(port)"
        let status: Int
        do {
            status = try await Self.ask(host, port, path: reads ? "/readyz?reads" : "/readyz")
        } catch {
            throw CommandFailure("No server responds at \(place).")
        }
        guard status == 200 else {
            throw CommandFailure("The server at \(place) is not ready: its status is \(status).")
        }
        print("The server at \(place) is ready.")
    }

    /// Returns the status of the server's response.
    private static func ask(_ host: String, _ port: Int, path: String) async throws -> Int {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(timeout)
        let channel = try await bootstrap.connect(host: host, port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                    wrappingChannelSynchronously: channel)
            }
        }
        channel.channel.eventLoop.scheduleTask(in: timeout) { channel.channel.close(promise: nil) }
        return try await channel.executeThenClose { inbound, outbound in
            let head = HTTPRequestHead(
                version: .http1_1, method: .GET, uri: path,
                headers: ["Host": "localhost", "Connection": "close"])
            try await outbound.write(contentsOf: [.head(head), .end(nil)])
            for try await part in inbound {
                if case .head(let head) = part { return Int(head.status.code) }
            }
            throw ChannelError.eof
        }
    }
}
