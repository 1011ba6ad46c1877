internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Asks a server whether it is ready: `carrier health`.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the server whether it can serve requests; exit status 0 or 1.",
        discussion: "It asks /readyz at the address that `carrier serve` listens on.")

    @Flag(help: "Ask only whether it can serve requests that read (/readyz?reads).")
    var reads = false

    @OptionGroup var listen: ListenOptions

    /// How long to wait for an answer; a server that is well never takes so long.
    private static let timeout = TimeAmount.seconds(3)

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let configured = try Settings.host.value(listen.host, environment: environment)
        let port = try Settings.port.value(listen.port, environment: environment)
        let host =
            switch configured {
            // A server that listens on all addresses is reached at this machine's own.
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: configured
            }
        let place = "\(host), port \(port)"
        let status: Int
        do {
            status = try await Self.ask(host, port, path: reads ? "/readyz?reads" : "/readyz")
        } catch {
            throw NotReady(description: "No server answers at \(place).")
        }
        guard status == 200 else {
            throw NotReady(
                description: "The server at \(place) is not ready: it answers \(status).")
        }
        print("The server at \(place) is ready.")
    }

    /// The status that the server answers with.
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

/// Why the server cannot serve requests, as a sentence.
private struct NotReady: Error, CustomStringConvertible {
    let description: String
}
