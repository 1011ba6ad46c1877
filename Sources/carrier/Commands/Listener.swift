internal import NIOCore
internal import ServiceLifecycle

/// A server that says in a message why it cannot listen on its port.
struct Listener: Service {
    private let server: any Service
    private let port: ReservedPort

    init(_ server: any Service, on port: ReservedPort) {
        self.server = server
        self.port = port
    }

    /// - Throws: ``ListeningError``, and what the server throws.
    func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError {
            throw ListeningError(
                host: port.host, port: port.number, flag: port.flag, number: error.errnoCode)
        }
    }
}
