internal import Foundation
internal import NIOCore
internal import ServiceLifecycle

/// A server that says as a sentence why it cannot listen.
struct Listener: Service {
    private let server: any Service
    private let host: String
    private let port: Int
    private let flag: String

    /// - Parameter flag: What decides the port.
    init(_ server: any Service, host: String, port: Int, flag: String) {
        self.server = server
        self.host = host
        self.port = port
        self.flag = flag
    }

    /// - Throws: ``ListeningError``, and what the server throws.
    func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError {
            throw ListeningError(host: host, port: port, flag: flag, error: error)
        }
    }
}

/// Why the program cannot listen, as a sentence.
private struct ListeningError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let flag: String
    let error: IOError

    var description: String {
        let place = "\(host), port \(port)"
        return switch error.errnoCode {
        case EADDRINUSE: "Another program listens on \(place) already. Choose another \(flag)."
        case EACCES: "Listening on \(place) is not permitted. Ports from 1024 are for everyone."
        case EADDRNOTAVAIL: "This machine has no address \(host) to listen on."
        default: "Cannot listen on \(place): \(error)"
        }
    }
}
