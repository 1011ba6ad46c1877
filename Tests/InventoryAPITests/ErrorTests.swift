import Foundation
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import StoreTesting
import Testing

/// Errors of the server, in responses and in the log.
@Suite(.stores) struct ErrorTests {
    private let log = InMemoryLogHandler()

    /// A client of a failing store, without sign-in.
    private func client(_ error: any Error, importTime: Duration = .zero) -> Client {
        Client(
            store: BrokenStore(error: error, importTime: importTime),
            configuration: .testing(noAuth: .anyAddress), logger: .writing(to: log))
    }

    @Test(arguments: [
        ("GET", nil), ("PUT", Client.good), ("PATCH", "{}"), ("DELETE", nil),
    ])
    func unexpectedErrorIsInTheLogAndNotInTheResponse(method: String, body: String?) async throws {
        let response = try await client(Secret()).send("\(method) numbers/1?x=1", body)
        #expect(response.status == 500)
        #expect(response["Content-Type"] == "application/problem+json")
        #expect(response.detail == "Unexpected error; quote the requestId.")
        #expect(!response.text.contains("swordfish"))
        let id = try #require(response["Request-Id"])
        let entry = try #require(log.entries.first { $0.level == .error })
        #expect("\(entry.metadata["error", default: ""])".contains("swordfish"))
        #expect("\(entry.metadata["requestId", default: ""])" == id)
    }

    @Test(arguments: [
        ("GET numbers", nil), ("POST numbers", Client.good), ("GET numbers/1", nil),
        ("DELETE numbers/1", nil), ("GET /readyz", nil),
    ])
    func unavailableDatabaseReturns503(request: String, body: String?) async throws {
        let client = client(InventoryError.unavailable(reason: Secret()))
        let response = try await client.send(request, body)
        expect503(response, seconds: 2, "The inventory is temporarily unavailable.")
        // The process itself works.
        #expect(try await client.status("GET /livez") == 200)
    }

    @Test func slowQueryReturns503() async throws {
        let client = client(InventoryError.tooSlow(reason: Secret()))
        expect503(
            try await client.send("GET numbers/export"), seconds: 2,
            "This takes too long to find out.")
    }

    private func expect503(_ response: Client.Response, seconds: Int, _ detail: String) {
        #expect(response.status == 503)
        #expect(response["Retry-After"] == "\(seconds)")
        #expect(response.detail.hasPrefix(detail))
        #expect(!response.text.contains("swordfish"))
        #expect(log.entries.contains { "\($0.metadata)".contains("swordfish") })
    }

    @Test func writeWithUnknownOutcomeHasItsOwnType() async throws {
        let client = client(InventoryError.outcomeUnknown(reason: Secret()))
        let response = try await client.send("POST numbers", Client.good)
        expect503(response, seconds: 2, "")
        #expect(response.problem.hasPrefix("503 outcome-unknown: "))
        #expect(response.detail.contains("may have happened or not"))
    }

    @Test(arguments: [
        (nil, "503 10 Another file is being imported just now; try again in 10 s."),
        (
            "key",
            """
            409 5 A request with this Idempotency-Key is in progress. Send this one again to get its \
            response.
            """
        ),
    ])
    func importThatWaitsTooLongForAnotherIsRefused(key: String?, detail: String) async throws {
        let error = InventoryError.unavailable(reason: Secret())
        let client = client(error, importTime: .seconds(7))
        let details = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 1...2 {
                group.addTask {
                    let response = try await client.send(
                        "POST numbers/import", "value\n",
                        headers: ["Content-Type": "text/csv", "Idempotency-Key": key ?? ""])
                    return "\(response.status) \(response["Retry-After"] ?? "") \(response.detail)"
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        // The waiting import is refused before the other one ends.
        #expect(details == [detail, "503 2 The inventory is temporarily unavailable."])
    }

    @Test func stoppingProcessIsNotReady() async throws {
        let client = try await Client(configuration: .testing(isStopping: { true }))
        for path in ["/readyz", "/readyz?reads"] {
            let ready = try await client.send("GET \(path)", as: .guest)
            #expect(ready.status == 503)
            #expect(ready.detail == "This process is about to end.")
        }
        // It still serves requests.
        #expect(try await client.status("GET numbers") == 200)
        #expect(try await client.status("GET /livez", as: .guest) == 200)
    }

    @Test func requestIsOneLogLineWithoutItsQuery() async throws {
        _ = try await client(Secret()).send(
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
        let response = try await client(Secret()).send("GET /livez", headers: ["X-Request-Id": id])
        let given = try #require(response["Request-Id"])
        #expect(given != id)
        #expect(given.count == 16)
    }
}

private struct Secret: Error, CustomStringConvertible {
    let description = "the password is swordfish"
}

/// A store whose every operation fails.
private struct BrokenStore: InventoryStore {
    let error: any Error
    /// How long an import takes before it fails.
    var importTime = Duration.zero

    func listNumbers(_ query: NumberQuery) async throws -> Page<DIDNumber> { throw error }
    func listCurrencies() async throws -> [CurrencyCount] { throw error }
    func exportNumbers(
        _ query: NumberQuery, firstWithin: Duration?, _ body: ([DIDNumber]) throws -> Void
    ) throws { throw error }
    func number(_ id: Int64) async throws -> DIDNumber { throw error }
    func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber { throw error }
    func createNumbers(_ contents: [NumberContent], onlyIfEmpty: Bool) async throws -> Int {
        throw error
    }
    func updateNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> RecordedNumber { throw error }
    func deleteNumber(_ id: Int64, if condition: VersionCondition, by author: Author) async throws
        -> RecordedNumber
    { throw error }
    func state() async throws -> StoreStateToken? {
        // Every request reads the state, also one that must reach the import.
        guard importTime > .zero else { throw error }
        return nil
    }
    func checkReadiness() async throws { throw error }
    func checkReads() async throws { throw error }

    func listChanges(_ query: ChangeQuery) async throws -> Page<Change> { throw error }
    func change(_ id: Int64) async throws -> Change { throw error }
    func changedNumbers(ofChange id: Int64, _ paging: Paging) async throws -> Page<ChangedNumber> {
        throw error
    }
    func history(ofNumber id: Int64, _ paging: Paging) async throws -> Page<HistoryEntry> {
        throw error
    }
    func undoChange(_ id: Int64, by author: Author, once request: IdempotentRequest<Change>?)
        async throws -> Change
    { throw error }
    func preview(_ bulk: BulkChange) async throws -> BulkPreview { throw error }
    func changeNumbers(
        _ bulk: BulkChange, by author: Author, once request: IdempotentRequest<BulkOutcome>?,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome { throw error }
    func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author,
        once request: IdempotentRequest<ImportReport>?, _ rows: StagedRows
    ) async throws -> ImportReport {
        try await Task.sleep(for: importTime)
        throw error
    }
    func countChanges(before date: Date) async throws -> Int { throw error }
    func pruneChanges(before date: Date) async throws -> Int { throw error }

    func createUser(_ draft: UserDraft) async throws -> User { throw error }
    func createFirstUser(_ draft: UserDraft) async throws -> User? { throw error }
    func listUsers() async throws -> [User] { throw error }
    func passwordHash(of username: Username) async throws -> PasswordHash? { throw error }
    func listAccounts(_ paging: Paging, now: Date) async throws -> Page<Account> { throw error }
    func account(_ id: Int64, now: Date) async throws -> Account { throw error }
    func updateUser(_ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date)
        async throws -> Account
    { throw error }
    func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash, keeping digest: TokenDigest?
    ) async throws -> Bool { throw error }
    func removeUser(_ key: UserKey) async throws -> User { throw error }
    func listSessions(ofUser id: Int64, _ paging: Paging, now: Date) async throws -> Page<
        SessionPeriod
    > { throw error }
    func countSessions(now: Date) async throws -> Int { throw error }
    func endSessions(ofUser id: Int64) async throws -> User { throw error }
    func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? { throw error }
    func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        throw error
    }
    func endSession(_ digest: TokenDigest) async throws { throw error }
    func close() async throws { throw error }
}
