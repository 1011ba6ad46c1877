import Credentials
import Foundation
@testable import HTTPServer
import HTTPTypes
import Hummingbird
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypesHTTP1
import StoreTesting
import Synchronization
import Testing

/// Sends requests to the router of an inventory with two users.
///
/// Ana is a supervisor, and bob is a salesperson.
struct Client {
    let store: any InventoryStore
    private let responder: APIResponder

    /// The user who sends a request.
    enum Identity: Sendable {
        case guest, salesperson, supervisor
        /// The user with this token, which may be invalid.
        case bearer(String)
    }

    struct Response {
        let status: Int
        let headers: HTTPFields
        let text: String

        /// The body as Foundation reads it; nil if it is not JSON.
        var json: Any? {
            try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        }

        var object: [String: Any] { json as? [String: Any] ?? [:] }
        var detail: String { object["detail"] as? String ?? "" }

        /// Status, type and detail, such as "404 not-found: There is no number with id 42".
        var problem: String {
            let type = object["type"] as? String ?? ""
            return "\(status) \(type.replacing("/problems/", with: "")): \(detail)"
        }

        subscript(_ header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }
    }

    /// A client of an empty inventory.
    init(
        backend: Backend = .sqliteInMemory, configuration: InventoryConfiguration = .testing(),
        logger: Logger = .silent
    ) async throws {
        let store = try await backend.store()
        try await Self.addUsers(to: store)
        self.init(store: store, configuration: configuration, logger: logger)
    }

    init(
        store: any InventoryStore, configuration: InventoryConfiguration = .testing(),
        logger: Logger = .silent
    ) {
        self.init(
            store: store,
            responder: APIResponder(store: store, configuration: configuration, logger: logger))
    }

    init(store: any InventoryStore, responder: APIResponder) {
        self.store = store
        self.responder = responder
    }

    /// - Parameters:
    ///   - request: Method and path. A path that does not begin with a slash is below `/api/v1/`.
    ///   - body: Sent as JSON unless `headers` have another `Content-Type`.
    ///   - headers: An empty value removes a header.
    func send(
        _ request: String, _ body: String? = nil, headers: [String: String] = [:],
        as identity: Identity = .supervisor
    ) async throws -> Response {
        let parts = request.split(separator: " ", maxSplits: 1)
        let method = try #require(HTTPRequest.Method(String(parts[0])))
        let path = parts[1].hasPrefix("/") ? String(parts[1]) : "/api/v1/" + parts[1]
        var fields: HTTPFields = [:]
        if let token = Self.token(of: identity) { fields[.authorization] = "Bearer \(token)" }
        if let body {
            fields[.contentType] = "application/json"
            fields[.contentLength] = "\(body.utf8.count)"
        }
        for (name, value) in headers {
            fields[try #require(HTTPField.Name(name))] = value.isEmpty ? nil : value
        }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields
        )
        if body == nil, let early = try await earlyResponse(to: head) {
            return Response(
                status: early.status, headers: try HTTPResponse(early.head).headerFields,
                text: String(buffer: early.body))
        }
        let response = try await responder.respond(
            to: Request(head: head, body: .init(buffer: ByteBuffer(string: body ?? ""))),
            context: APIContext(source: .init(channel: NIOAsyncTestingChannel(), logger: .silent)))
        let content = Content()
        try await response.body.write(content)
        return Response(
            status: response.status.code, headers: response.headers,
            text: String(buffer: content.buffer))
    }

    /// The response that the connection sends without calling the handler, if any.
    private func earlyResponse(to request: HTTPRequest) async throws -> CompleteResponse? {
        let head = RequestHead(head: try HTTPRequestHead(request), peer: "")
        switch responder.response(to: head, on: NIOAsyncTestingChannel()) {
        case .ready(let response): return response
        case .pending(let response): return try await response()
        case nil: return nil
        }
    }

    func status(
        _ request: String, _ body: String? = nil, as identity: Identity = .supervisor
    ) async throws -> Int {
        try await send(request, body, as: identity).status
    }

    private static func token(of identity: Identity) -> String? {
        switch identity {
        case .guest: nil
        case .salesperson: tokens.salesperson.text
        case .supervisor: tokens.supervisor.text
        case .bearer(let token): token
        }
    }

    /// The tokens of the two users' sessions.
    static let tokens = (supervisor: SessionToken.random(), salesperson: SessionToken.random())
    static let password = "violet-5-elephants"

    static func addUsers(to store: any InventoryStore) async throws {
        let hash = try await PasswordHasher(cost: .least).hash(Password(presented: password))
        for (username, role, token) in [
            ("ana", Role.supervisor, tokens.supervisor), ("bob", .salesperson, tokens.salesperson),
        ] {
            let username = Username(stored: username)
            _ = try await store.createUser(
                UserDraft(username: username, role: role, passwordHash: hash))
            let draft = SessionDraft(
                username: username, passwordHash: hash, digest: token.digest,
                expiresAt: Date(timeIntervalSinceNow: 3600))
            try #require(try await store.createSession(draft, now: .now) != nil)
        }
    }

    func signIn(_ username: String, password: String) async throws -> Response {
        let credentials = ["username": username, "password": password]
        let body = String(
            decoding: try JSONSerialization.data(withJSONObject: credentials), as: UTF8.self)
        return try await send("POST sessions", body, as: .guest)
    }

    /// Signs in and returns the token.
    func signIn(_ username: String, with password: String = password) async throws -> String {
        let response = try await signIn(username, password: password)
        return try #require(response.object["token"] as? String, "\(response.text)")
    }

    static let good = """
        {"value": "+55 84 91234-4321", "monthyPrice": "0.03", "setupPrice": "3.40", \
        "currency": "U$"}
        """
    static let other = good.replacing("4321", with: "4322")

    /// Creates the number ``good``, which has the id 1 in an empty inventory.
    ///
    /// - Parameter lastDigits: These replace the last digits of the phone number.
    func createGood(
        _ lastDigits: String = "4321", as identity: Identity = .supervisor
    ) async throws {
        let number = Self.good.replacing("4321", with: lastDigits)
        try #require(try await status("POST numbers", number, as: identity) == 201)
    }
}

/// The body of a response.
private final class Content: ResponseBodyWriter {
    var buffer = ByteBuffer()

    func write(_ buffer: ByteBuffer) { self.buffer.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) {}
}

/// A clock that a test advances.
final class TestClock: Sendable {
    private let time = Mutex(Date.now)

    var now: @Sendable () -> Date { { self.time.withLock { $0 } } }

    func advance(by seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

extension InventoryConfiguration {
    /// A configuration whose password hashes take next to no time.
    static func testing(
        numberCheck: NumberCheck = .possible, origins: AllowedOrigins = .some([]),
        publicURL: PublicURL? = nil, noAuth: NoAuth = .off,
        now: @escaping @Sendable () -> Date = { .now },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) -> InventoryConfiguration {
        var configuration = InventoryConfiguration()
        configuration.numberCheck = numberCheck
        configuration.origins = origins
        configuration.publicURL = publicURL
        configuration.noAuth = noAuth
        configuration.hasher = PasswordHasher(cost: .least)
        configuration.now = now
        configuration.isStopping = isStopping
        return configuration
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A logger whose entries a test can read in `log`.
    static func writing(to log: InMemoryLogHandler) -> Logger { Logger(label: "test") { _ in log } }
}
