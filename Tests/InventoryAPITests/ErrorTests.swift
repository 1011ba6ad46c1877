import Foundation
import HTTPTypes
import InMemoryLogging
import Inventory
import Logging
import StoreTesting
import Testing

@testable import InventoryAPI

/// Errors of the server, in responses and in the log.
@Suite(.stores) struct ErrorTests {
    private let log = InMemoryLogHandler()
    private let configuration = InventoryConfiguration.testing(noAuth: .anyAddress)

    /// A client without sign-in.
    private func client(_ store: any InventoryStore) -> Client {
        Client(store: store, configuration: configuration, logger: .writing(to: log))
    }

    @Test(
        arguments: [
            (Secret(), "500 internal-error: Unexpected error; quote the requestId.", nil),
            (
                InventoryError.unavailable(reason: Secret()),
                "503 unavailable: The inventory is temporarily unavailable.", "2"
            ),
            (
                InventoryError.tooSlow(reason: Secret()),
                "503 unavailable: This takes too long to find out.", "2"
            ),
            (
                InventoryError.outcomeUnknown(reason: Secret()),
                "503 outcome-unknown: The inventory did not confirm the change",
                "2"
            ),
        ] as [(any Error, String, String?)])
    func errorIsInTheLogAndItsReasonNotInTheResponse(
        error: any Error, problem: String, seconds: String?
    ) async throws {
        let store = try await Backend.sqliteInMemory.store()
        let route = Route(.post, "/", .user { _, _ in throw error })
        let authenticator = Authenticator(store: store, configuration: configuration)
        let responder = APIResponder(
            routes: [route], authenticator, configuration, .writing(to: log))
        let response = try await Client(store: store, responder: responder).send("POST /?x=1")
        #expect(response.problem.hasPrefix(problem))
        #expect(response["Content-Type"] == "application/problem+json")
        #expect(response["Retry-After"] == seconds)
        #expect(!response.text.contains("swordfish"))
        let entry = try #require(log.entries.first { "\($0.metadata)".contains("swordfish") })
        #expect(seconds != nil || entry.level == .error)
        let id = try #require(response["Request-Id"])
        #expect("\(entry.metadata["requestId", default: ""])" == id)
    }

    @Test func missingDatabaseReturns503() async throws {
        let path = try await Backend.sqlitePath()
        let client = client(try await Backend.sqliteStore(at: path))
        try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
        for (request, body) in [
            ("GET numbers", nil), ("POST numbers", Client.good), ("GET numbers/1", nil),
            ("DELETE numbers/1", nil), ("GET numbers/export", nil), ("GET /readyz", nil),
        ] {
            let response = try await client.send(request, body)
            let problem = "503 unavailable: The inventory is temporarily unavailable."
            #expect(response.problem == problem, "\(request)")
        }
        // The process itself still works.
        #expect(try await client.status("GET /livez") == 200)
    }

    @Test(
        .enabled(if: Backend.hasPostgres),
        arguments: [
            (nil, "503 10 Another file is being imported just now; try again in 10 s."),
            (
                "key",
                """
                409 5 A request with this Idempotency-Key is in progress. Send this one again to \
                get its response.
                """
            ),
        ])
    func importThatWaitsTooLongForAnotherIsRefused(key: String?, detail: String) async throws {
        let store = try await Backend.postgresStore()
        try await store.delayInsertions(bySeconds: 7)
        let client = client(store)
        let details = try await race(2) { _ in
            let response = try await client.send(
                "POST numbers/import", "[\(Client.good)]",
                headers: ["Idempotency-Key": key ?? ""])
            return "\(response.status) \(response["Retry-After"] ?? "") \(response.detail)"
        }
        // The import that waits is refused before the other import ends.
        #expect(details == [detail, "200  "])
    }

    @Test func stoppingProcessIsNotReady() async throws {
        let client = try await Client(configuration: .testing(isStopping: { true }))
        for path in ["/readyz", "/readyz?reads"] {
            let ready = try await client.send("GET \(path)", as: .guest)
            #expect(ready.status == 503)
            #expect(ready.detail == "This process is about to end.")
        }
        // The process still serves requests.
        #expect(try await client.status("GET numbers") == 200)
        #expect(try await client.status("GET /livez", as: .guest) == 200)
    }

    @Test func requestIsOneLogLineWithoutItsQuery() async throws {
        let client = client(try await Backend.sqliteInMemory.store())
        _ = try await client.send(
            "GET /problems/not-found?q=5584912344321", headers: ["X-Request-Id": "mine"])
        let entries = log.entries.filter { $0.message == "request" }
        #expect(entries.count == 1)
        let metadata = try #require(entries.first).metadata
        #expect(metadata["method"] == "GET")
        #expect(metadata["path"] == "/problems/not-found")
        #expect(metadata["status"] == .stringConvertible(200))
        #expect(metadata["requestId"] == "mine")
        #expect(metadata["milliseconds"] != nil)
    }

    @Test(arguments: ["", "a b", "a\u{7F}b", "é", String(repeating: "a", count: 65)])
    func invalidRequestIDIsReplaced(id: String) async throws {
        let client = client(try await Backend.sqliteInMemory.store())
        let response = try await client.send("GET /livez", headers: ["X-Request-Id": id])
        let given = try #require(response["Request-Id"])
        #expect(given != id)
        #expect(given.count == 16)
    }
}

private struct Secret: Error, CustomStringConvertible {
    let description = "the password is swordfish"
}
