internal import Credentials
internal import Foundation
internal import HTTPServer
internal import Hummingbird
internal import HummingbirdCore
internal import Inventory
internal import InventoryAPI
internal import Logging
internal import PostgresStore
internal import SQLiteStore
internal import Synchronization

/// The real server on a free port of 127.0.0.1, with some numbers and a supervisor.
struct LocalServer {
    /// Started when it is first used.
    static let shared = Result { try LocalServer() }
    /// Holds the database if it is not PostgreSQL.
    static let folder = FileManager.default.temporaryDirectory
        .appending(path: "carrier-fuzz-\(ProcessInfo.processInfo.processIdentifier)-server")

    private static let port = Atomic(0)
    private static let isReady = DispatchSemaphore(value: 0)

    /// The supervisor's header.
    let authorization: String

    private init() throws {
        // A client may close the connection before it is written to.
        signal(SIGPIPE, SIG_IGN)
        let token = SessionToken.random()
        authorization = "Authorization: Bearer \(token.text)"
        Task { try await Self.serve(token) }
        guard Self.isReady.wait(timeout: .now() + 30) == .success else {
            throw Broken("the server did not start")
        }
    }

    private static func serve(_ token: SessionToken) async throws {
        let store = try await store()
        _ = try await store.createNumbers(Array(DemoNumbers(seed: 1).prefix(50)), onlyIfEmpty: true)
        let username = Username(stored: "ana")
        let hash = PasswordHash(stored: "of no password")
        _ = try await store.createUser(
            UserDraft(username: username, role: .supervisor, passwordHash: hash))
        let session = SessionDraft(
            username: username, passwordHash: hash, digest: token.digest, expiresAt: .distantFuture)
        _ = try await store.createSession(session, now: .now)
        let configuration = InventoryConfiguration(numberCheck: .e164)
        let logger = Logger(label: "carrier") { _ in SwiftLogNoOpLogHandler() }
        let responder = APIResponder(store: store, configuration: configuration, logger: logger)
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder {
                BoundedHTTPChannel(responder: $0, immediate: responder)
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.store(channel.localAddress?.port ?? 0, ordering: .releasing)
                isReady.signal()
            },
            logger: logger)
        try await application.run()
    }

    /// An empty database of `scripts/with-postgres`, else of SQLite.
    private static func store() async throws -> any InventoryStore {
        if let url = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"] {
            return try await PostgresStore(PostgresAddress(url: url))
        }
        return try SQLiteStore(path: folder.appending(path: "inventory.sqlite").path)
    }

    /// Sends the pieces on a new connection, and returns what the server sends until it closes the
    /// connection.
    ///
    /// - Parameter isHalfClosed: Whether the client closes its side after the last byte.
    func send(_ pieces: [ArraySlice<UInt8>], isHalfClosed: Bool) throws -> [UInt8] {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(Self.port.load(ordering: .acquiring)).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Broken("connecting failed: \(errno)") }
        for (index, piece) in pieces.enumerated() {
            // Else the server would read several pieces at once.
            if index > 0 { usleep(500) }
            let sent = piece.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard sent == piece.count else { throw Broken("writing failed: \(errno)") }
        }
        if isHalfClosed { shutdown(socket, Int32(SHUT_WR)) }
        return try readAll(socket)
    }

    private func readAll(_ socket: Int32) throws -> [UInt8] {
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(socket, &piece, piece.count)
            guard count >= 0 else {
                let reason = errno == EAGAIN ? "is silent" : "resets the connection"
                let text = String(decoding: received, as: UTF8.self)
                throw Broken("the server \(reason), after:\n\(text)")
            }
            if count == 0 { return received }
            received += piece[..<count]
        }
    }
}
