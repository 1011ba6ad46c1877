import Foundation
@testable import Inventory
import Storage
import StoreTesting
import Testing

/// Requests with an `Idempotency-Key` in every store.
@Suite(.stores) struct IdempotencyContract {
    private static let day: TimeInterval = 24 * 60 * 60
    private static let response = ChangeResponse(
        status: 201, location: "/there", etag: "\"1\"", change: 7, body: Array("{\"é\\\":\n".utf8))

    /// Requests that change an inventory in which change 1 created number 1.
    enum Write: CaseIterable {
        case create, change, undo, `import`

        func send(
            to store: any InventoryStore, key: String = "key", of username: String = "tester",
            body: String = "", at: Date = Author.tester.at, mode: ImportMode = .create
        ) async throws {
            func request<Outcome>() throws -> IdempotentRequest<Outcome> {
                IdempotentRequest(
                    try IdempotencyKey(key, of: username), RequestDigest([body]), at: at
                ) { _ in response }
            }
            let content = try NumberContent("+1 212-736-5000")
            switch self {
            case .create: _ = try await store.createNumber(content, by: .tester, once: request())
            case .change:
                let price = PriceAdjustment.plus(try PriceDifference("1"))
                _ = try await store.changeNumbers(
                    BulkChange(.all, .set(Adjustments(prices: [.setupPrice: price]))), by: .tester,
                    once: request()
                ) { _ in true }
            case .undo: _ = try await store.undoChange(1, by: .tester, once: request())
            case .import:
                _ = try await store.importNumbers(
                    mode, isDryRun: false, by: .tester, once: request(),
                    StagedRows([.row(1, content.value.formatted)]))
            }
        }
    }

    private static func store(_ backend: Backend) async throws -> any TransferableStore {
        let store = try await backend.store()
        try await store.create("4321")
        return store
    }

    @Test(arguments: Backend.allCases, Write.allCases)
    func repeatedRequestIsReplayed(backend: Backend, write: Write) async throws {
        let store = try await Self.store(backend)
        try await write.send(to: store)
        for _ in 1...2 {
            let replay = try await #require(throws: Replay.self) {
                try await write.send(to: store, at: Author.tester.at + Self.day - 1)
            }
            #expect(replay.response == Self.response)
        }
        #expect(try await store.changeCount() == 2)
    }

    @Test(arguments: Backend.allCases, Write.allCases)
    func otherRequestWithSameKeyIsRefused(backend: Backend, write: Write) async throws {
        let store = try await Self.store(backend)
        try await Write.change.send(to: store)
        let error = await failure { try await write.send(to: store, body: "other") }
        #expect(error == "idempotencyKeyReused")
        #expect(try await store.changeCount() == 2)
    }

    @Test(
        arguments: Backend.allCases,
        [("other", "tester", 0), ("key", "other", 0), ("key", "tester", day)])
    func otherKeyIsDoneAgain(backend: Backend, other: (String, String, Double)) async throws {
        let store = try await Self.store(backend)
        let (key, username, seconds) = other
        try await Write.change.send(to: store)
        let at = Author.tester.at + seconds
        for _ in 1...2 { try? await Write.change.send(to: store, key: key, of: username, at: at) }
        #expect(try await store.number(1).content.setupPrice.description == "5.40")
    }

    @Test(arguments: Backend.allCases, Write.allCases.filter { $0 != .undo })
    func changeThatFailsLeavesNoKey(backend: Backend, write: Write) async throws {
        let store = try await Self.store(backend)
        let number = try await store.createNumber(
            try NumberContent("+1 212-736-5000", setupPrice: "999999999.9999"))
        // The number exists already, and its price cannot be raised.
        if write == .import {
            try await write.send(to: store)
        } else {
            await #expect(throws: InventoryError.self) { try await write.send(to: store) }
        }
        try await store.deleteNumber(number.id, if: .always)
        try await write.send(to: store)
        #expect(try await store.changeCount() == 4)
    }

    @Test(arguments: Backend.allCases)
    func importThatChangesNothingIsReplayed(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.createNumber(try NumberContent("+1 212-736-5000"))
        let price = try Price("9")
        try await Write.import.send(to: store, mode: .update)
        try await store.updateNumber(1, if: .always) { $0.setupPrice = price }
        await #expect(throws: Replay.self) { try await Write.import.send(to: store, mode: .update) }
        #expect(try await store.number(1).content.setupPrice == price)
    }

    /// SQLite executes some of these requests in one commit.
    @Test(arguments: Backend.allCases, [Write.create, .change])
    func oneOfManyEqualRequestsIsDone(backend: Backend, write: Write) async throws {
        let store = try await Self.store(backend)
        let outcomes = try await race(32) { index in
            do {
                try await write.send(to: store, key: "key\(index % 2)")
                return true
            } catch is Replay { return false } catch InventoryError.numberExists {
                return false
            }
        }
        #expect(outcomes.filter { $0 }.count == (write == .create ? 1 : 2))
        let price = try await store.number(1).content.setupPrice.description
        #expect(price == (write == .create ? "3.40" : "5.40"))
    }

    @Test(arguments: Backend.allCases)
    func copyLeavesKeysOut(backend: Backend) async throws {
        let store = try await Self.store(backend)
        try await Write.change.send(to: store)
        let copy = try await Backend.sqliteInMemory.store()
        try store.withSnapshot { try copy.restore($0) { _ in } }
        try await Write.change.send(to: copy)
        #expect(try await copy.changeCount() == 3)
    }
}
