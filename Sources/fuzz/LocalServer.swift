internal import Credentials
internal import Foundation
internal import Hummingbird
internal import Inventory
internal import InventoryAPI
internal import Logging
internal import NIOCore
internal import PostgresStore
internal import SQLiteStore
internal import Synchronization

/// The real server on a free port of 127.0.0.1, with some numbers and a supervisor.
struct LocalServer {
    static let shared = Result { try LocalServer() }
    static let folder = URL(fileURLWithPath: Fuzz.path + "-server")

    private static let address = Mutex<SocketAddress?>(nil)
    private static let isReady = DispatchSemaphore(value: 0)

    let authorization: String

    private init() throws {
        // The server may write to a connection that the client has closed.
        signal(SIGPIPE, SIG_IGN)
        let token = SessionToken.random()
        authorization = "Authorization: Bearer \(token.text)"
        Task { try await Self.serve(token) }
        guard Self.isReady.wait(timeout: .now() + 30) == .success else {
            throw Broken("the server did not start")
        }
    }

    private static func serve(_ token: SessionToken) async throws {
        // `scripts/with-postgres` sets the variable.
        let url = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"]
        let store: any InventoryStore =
            if let url {
                try await PostgresStore(PostgresAddress(url: url))
            } else {
                try SQLiteStore(path: folder.appending(path: "inventory.sqlite").path)
            }
        _ = try await store.createNumbers(Array(DemoNumbers(seed: 1).prefix(50)), onlyIfEmpty: true)
        let username = Username(stored: "ana")
        let hash = PasswordHash(stored: "of no password")
        _ = try await store.createUser(
            UserDraft(username: username, role: .supervisor, passwordHash: hash))
        let session = SessionDraft(
            username: username, passwordHash: hash, digest: token.digest, expiresAt: .distantFuture)
        _ = try await store.createSession(session, now: .now)
        var configuration = InventoryConfiguration()
        configuration.numberCheck = .e164
        let logger = Logger(label: "carrier") { _ in SwiftLogNoOpLogHandler() }
        try await APIResponder(store: store, configuration: configuration, logger: logger)
            .application(.init(address: .hostname("127.0.0.1", port: 0)), logger: logger) {
                channel in
                address.withLock { $0 = channel.localAddress }
                isReady.signal()
            }.run()
    }

    /// - Parameter isHalfClosed: Whether the client closes its side after the last byte.
    func send(_ pieces: [ArraySlice<UInt8>], isHalfClosed: Bool) throws -> [ServerResponse] {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let address = Self.address.withLock { $0 }
        guard address?.withSockAddr({ connect(socket, $0, socklen_t($1)) }) == 0 else {
            throw Broken("connecting failed: \(errno)")
        }
        for (index, piece) in pieces.enumerated() {
            // Wait, because the server would otherwise read several pieces at once.
            if index > 0 { usleep(500) }
            let sent = piece.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard sent == piece.count else { throw Broken("writing failed: \(errno)") }
        }
        if isHalfClosed { shutdown(socket, Int32(SHUT_WR)) }
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 * 1024)
        while case let count = read(socket, &piece, piece.count), count != 0 {
            guard count > 0 else {
                let text = String(decoding: received, as: UTF8.self)
                throw Broken("the server is silent or resets: \(errno), after:\n\(text)")
            }
            received += piece[..<count]
        }
        return try ServerResponse.all(in: received)
    }
}

struct ServerResponse {
    let status: Int
    let id: String
    let isLast: Bool
    let body: ArraySlice<UInt8>

    /// Parses all responses, and leaves out interim responses.
    fileprivate static func all(in received: [UInt8]) throws -> [ServerResponse] {
        var responses: [ServerResponse] = []
        var rest = received[...]
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
                .split(separator: "\r\n")
            func value(_ name: String) -> String? {
                let line = lines.first { $0.lowercased().hasPrefix(name + ": ") }
                return line.map { String($0.dropFirst(name.count + 2)) }
            }
            guard let status = lines.first.flatMap({ Int($0.dropFirst(9).prefix(3)) }) else {
                throw Broken("there is no response in \(lines)")
            }
            rest = rest[end.upperBound...]
            // Responses to HEAD have a length, but no body.
            let hasBody = !rest.starts(with: "HTTP/1.1 ".utf8)
            let body = rest.prefix(hasBody ? value("content-length").flatMap { Int($0) } ?? 0 : 0)
            rest = rest.dropFirst(body.count)
            guard status >= 200 else { continue }
            responses.append(
                ServerResponse(
                    status: status, id: value("request-id") ?? "",
                    isLast: value("connection") == "close", body: body))
        }
        guard rest.isEmpty else { throw Broken("\(rest.count) bytes are no response") }
        return responses
    }
}
