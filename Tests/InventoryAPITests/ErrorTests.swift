import Foundation
import InMemoryLogging
import Inventory
import InventoryAPI
import Logging
import Testing

/// What clients and the log are told when it is not the client's error.
@Suite struct FaultTests {
    @Test(arguments: ["GET", "PUT", "PATCH", "DELETE"])
    func aFaultOfOursIsLoggedWholeAndAnsweredBare(method: String) async throws {
        let log = InMemoryLogHandler()
        let store = BrokenStore(error: Secret())
        try await Client.with(
            store: store, configuration: .testing(access: .everybody),
            logger: .writing(to: log)
        ) { client in
            let body = method == "PUT" ? Client.good : method == "PATCH" ? "{}" : nil
            let answer = try await client.send(method, "/api/v1/numbers/1?x=1", body: body)
            #expect(answer.status == 500)
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.detail == "Unexpected error; quote the requestId.")
            #expect(!answer.text.contains("swordfish"))
            let id = try #require(answer["Request-Id"])
            let entry = try #require(log.entries.first { $0.level == .error })
            #expect("\(entry.metadata["error", default: ""])".contains("swordfish"))
            #expect("\(entry.metadata["requestId", default: ""])" == id)
        }
    }

    @Test func aDatabaseThatIsAwayIsToldWithATime() async throws {
        let log = InMemoryLogHandler()
        let store = BrokenStore(error: InventoryError.unavailable(reason: Secret()))
        try await Client.with(
            store: store, configuration: .testing(access: .everybody),
            logger: .writing(to: log)
        ) { client in
            for (method, path) in [
                ("GET", "/api/v1/numbers"), ("POST", "/api/v1/numbers"),
                ("GET", "/api/v1/numbers/1"), ("DELETE", "/api/v1/numbers/1"), ("GET", "/readyz"),
            ] {
                let body = method == "POST" ? Client.good : nil
                let answer = try await client.send(method, path, body: body)
                #expect(answer.status == 503)
                #expect(answer["Retry-After"] == "2")
                #expect(answer.detail == "The inventory is temporarily unavailable.")
                #expect(!answer.text.contains("swordfish"))
            }
            #expect(log.entries.contains { "\($0.metadata)".contains("swordfish") })
            // The process itself is well.
            #expect(try await client.send("GET", "/livez").status == 200)
        }
    }

    @Test func aSlowQuestionIsRefused() async throws {
        let log = InMemoryLogHandler()
        try await Client.with(
            store: BrokenStore(error: InventoryError.tooSlow(reason: Secret())),
            configuration: .testing(access: .everybody), logger: .writing(to: log)
        ) { client in
            let answer = try await client.send("GET", "/api/v1/numbers/export")
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] == "2")
            #expect(answer.detail.hasPrefix("This takes too long to find out."))
            #expect(!answer.text.contains("swordfish"))
            #expect(log.entries.contains { "\($0.metadata)".contains("swordfish") })
        }
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
    func importThatWaitsForAnotherOneIsRefusedInTime(key: String?, detail: String) async throws {
        let error = InventoryError.unavailable(reason: Secret())
        try await Client.with(
            store: BrokenStore(error: error, importTime: .seconds(7)),
            configuration: .testing(access: .everybody)
        ) { client in
            let start = ContinuousClock.now
            let details = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...2 {
                    group.addTask {
                        let answer = try await client.send(
                            "POST", "/api/v1/numbers/import", body: "value\n",
                            headers: ["Content-Type": "text/csv", "Idempotency-Key": key ?? ""])
                        return "\(answer.status) \(answer["Retry-After"] ?? "") \(answer.detail)"
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(details == [detail, "503 2 The inventory is temporarily unavailable."])
            #expect(ContinuousClock.now - start < .seconds(11))
        }
    }

    @Test func aWriteWithoutAnAnswerIsNotCalledRefused() async throws {
        let store = BrokenStore(error: InventoryError.outcomeUnknown(reason: Secret()))
        try await Client.with(
            store: store, configuration: .testing(access: .everybody)
        ) { client in
            let answer = try await client.send("POST", "/api/v1/numbers", body: Client.good)
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] == "2")
            #expect(answer.object["type"] as? String == "/problems/outcome-unknown")
            #expect(answer.detail.contains("may have happened or not"))
            #expect(!answer.text.contains("swordfish"))
        }
    }

    @Test func aProcessThatIsAboutToEndIsNotReady() async throws {
        try await Client.with(configuration: .testing(isStopping: { true })) { client in
            for path in ["/readyz", "/readyz?reads"] {
                let ready = try await client.send("GET", path, as: .guest)
                #expect(ready.status == 503)
                #expect(ready.detail == "This process is about to end.")
            }
            // What comes all the same is served.
            #expect(try await client.send("GET", "/api/v1/numbers").status == 200)
            #expect(try await client.send("GET", "/livez", as: .guest).status == 200)
        }
    }

    @Test func aRequestIsOneLineWithoutItsQuery() async throws {
        let log = InMemoryLogHandler()
        try await Client.with(store: BrokenStore(error: Secret()), logger: .writing(to: log)) {
            client in
            _ = try await client.send(
                "GET", "/problems/not-found?q=5584912344321",
                headers: ["X-Request-Id": "mine"])
            let entries = log.entries.filter { $0.message == "request" }
            #expect(entries.count == 1)
            let metadata = try #require(entries.first).metadata
            #expect(metadata["method"] == "GET")
            #expect(metadata["path"] == "/problems/not-found")
            #expect(metadata["status"] == .stringConvertible(200))
            #expect(metadata["requestId"] == "mine")
            #expect(metadata["milliseconds"] != nil)
        }
    }

    @Test(arguments: ["", "a b", "a\u{7F}b", "é", String(repeating: "a", count: 65)])
    func aRequestIDThatIsNotSaneIsReplaced(id: String) async throws {
        try await Client.with { client in
            let answer = try await client.send("GET", "/livez", headers: ["X-Request-Id": id])
            let given = try #require(answer["Request-Id"])
            #expect(given != id)
            #expect(given.count == 16)
        }
    }
}

private struct Secret: Error, CustomStringConvertible {
    let description = "the password is swordfish"
}

/// A store that throws whatever is asked.
private struct BrokenStore<Failure: Error>: InventoryStore {
    let error: Failure
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
    func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber { throw error }
    func state() async throws -> StoreStateToken? {
        // Every request asks for it, those too that shall get as far as the import.
        guard importTime > .zero else { throw error }
        return nil
    }
    func checkReadiness() async throws { throw error }
    func checkReads() async throws { throw error }

    func listChanges(_ query: ChangeQuery) async throws -> Page<Change> { throw error }
    func change(_ id: Int64) async throws -> Change { throw error }
    func changedNumbers(
        ofChange id: Int64, _ paging: Paging
    ) async throws -> Page<ChangedNumber> { throw error }
    func history(ofNumber id: Int64, _ paging: Paging) async throws -> Page<HistoryEntry> {
        throw error
    }
    func undoChange(
        _ id: Int64, by author: Author, once request: IdempotentRequest<Change>?
    ) async throws -> Change { throw error }
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
    func updateUser(
        _ key: UserKey, role: Role?, passwordHash: PasswordHash?, now: Date
    ) async throws -> Account { throw error }
    func changePassword(
        ofUser id: Int64, from old: PasswordHash, to new: PasswordHash,
        keeping digest: TokenDigest?
    ) async throws -> Bool { throw error }
    func removeUser(_ key: UserKey) async throws -> User { throw error }
    func listSessions(
        ofUser id: Int64, _ paging: Paging, now: Date
    ) async throws -> Page<SessionPeriod> { throw error }
    func countSessions(now: Date) async throws -> Int { throw error }
    func endSessions(ofUser id: Int64) async throws -> User { throw error }
    func createSession(_ draft: SessionDraft, now: Date) async throws -> Session? { throw error }
    func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        throw error
    }
    func endSession(_ digest: TokenDigest) async throws { throw error }
    func close() async throws { throw error }
}
