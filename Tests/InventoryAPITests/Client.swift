import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Inventory
import InventoryAPI
import Logging
import NIOCore
import StoreTesting
import Testing

/// A client of the real router.
struct Client {
    let client: any TestClientProtocol
    let store: any NumberStore

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
        _ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields: HTTPFields = [:]
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

    /// Calls `body` with a client of an empty inventory.
    static func with(
        backend: Backend = .sqliteInMemory, check: NumberCheck = .possible,
        origins: AllowedOrigins = .some([]),
        _ body: @Sendable @escaping (Client) async throws -> Void
    ) async throws {
        try await backend.withStore { store in
            try await with(store: store, check: check, origins: origins, body)
        }
    }

    /// Calls `body` with a client of `store`.
    static func with(
        store: any NumberStore, check: NumberCheck = .possible,
        origins: AllowedOrigins = .some([]),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: @Sendable @escaping (Client) async throws -> Void
    ) async throws {
        let application = Application(
            router: inventoryRouter(store: store, check: check, origins: origins), logger: logger)
        try await application.test(.router) { client in
            try await body(Client(client: client, store: store))
        }
    }

    static let good = """
        {"value": "+55 84 91234-4321", "monthyPrice": "0.03", "setupPrice": "3.40", \
        "currency": "U$"}
        """

    /// Makes number 1.
    func createGood() async throws {
        try #require(try await send("POST", "/api/v1/numbers", body: Self.good).status == 201)
    }
}
