import Credentials
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import NIOCore
import StoreTesting
import Testing

/// A client of the real router.
struct Client {
    let client: any TestClientProtocol
    let store: any InventoryStore

    /// Who sends a request.
    enum Identity: Sendable {
        case guest
        case salesperson
        case supervisor
        /// Somebody who shows this text as a token.
        case bearer(String)
    }

    /// The tokens of the two users' sessions.
    static let tokens = (
        supervisor: SessionToken.random(), salesperson: SessionToken.random()
    )

    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String

        /// The body as Foundation reads it; nil where it is no JSON.
        var json: Any? {
            try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        }

        var object: [String: Any] { json as? [String: Any] ?? [:] }
        var detail: String { object["detail"] as? String ?? "" }

        subscript(_ header: String) -> String? {
            HTTPField.Name(header).flatMap { headers[$0] }
        }
    }

    /// - Parameter body: Sent as JSON unless `headers` name another `Content-Type`.
    func send(
        _ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:],
        as identity: Identity = .supervisor
    ) async throws -> Answer {
        var fields: HTTPFields = [:]
        switch identity {
        case .guest: break
        case .salesperson: fields[.authorization] = "Bearer \(Self.tokens.salesperson.text)"
        case .supervisor: fields[.authorization] = "Bearer \(Self.tokens.supervisor.text)"
        case .bearer(let token): fields[.authorization] = "Bearer \(token)"
        }
        if body != nil { fields[.contentType] = "application/json" }
        for (name, value) in headers {
            fields[try #require(HTTPField.Name(name))] = value.isEmpty ? nil : value
        }
        let response = try await client.executeRequest(
            uri: path, method: try #require(HTTPRequest.Method(method)), headers: fields,
            body: body.map { ByteBuffer(string: $0) })
        return Answer(
            status: response.status.code, headers: response.headers,
            text: String(buffer: response.body))
    }

    /// Calls `body` with a client of an empty inventory with two users, ana, who is supervisor, and
    /// bob, who is salesperson.
    static func with(
        backend: Backend = .sqliteInMemory, configuration: InventoryConfiguration = .testing(),
        logger: Logger = .silent,
        _ body: @Sendable @escaping (Client) async throws -> Void
    ) async throws {
        try await backend.withStore { store in
            try await addUsers(to: store)
            try await with(store: store, configuration: configuration, logger: logger, body)
        }
    }

    /// Calls `body` with a client of `store`.
    static func with(
        store: any InventoryStore, configuration: InventoryConfiguration = .testing(),
        logger: Logger = .silent,
        _ body: @Sendable @escaping (Client) async throws -> Void
    ) async throws {
        let application = Application(
            responder: APIResponder(store: store, configuration: configuration, logger: logger),
            logger: logger)
        try await application.test(.router) { client in
            try await body(Client(client: client, store: store))
        }
    }

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

    static let good = """
        {"value": "+55 84 91234-4321", "monthyPrice": "0.03", "setupPrice": "3.40", \
        "currency": "U$"}
        """

    /// Creates the number ``good``, which has the id 1 in an empty inventory.
    func createGood() async throws {
        try #require(try await send("POST", "/api/v1/numbers", body: Self.good).status == 201)
    }
}

extension InventoryConfiguration {
    /// A configuration with hashes that take no time.
    static func testing(
        numberCheck: NumberCheck = .possible, origins: AllowedOrigins = .some([]),
        publicURL: PublicURL? = nil, access: Access = .users,
        now: @escaping @Sendable () -> Date = { .now },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) -> InventoryConfiguration {
        InventoryConfiguration(
            numberCheck: numberCheck, origins: origins, publicURL: publicURL, access: access,
            hasher: PasswordHasher(cost: .least), now: now, isStopping: isStopping)
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A logger whose entries a test can read in `log`.
    static func writing(to log: InMemoryLogHandler) -> Logger {
        Logger(label: "test") { _ in log }
    }
}
