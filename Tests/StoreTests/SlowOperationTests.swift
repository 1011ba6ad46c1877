import Foundation
import InMemoryLogging
import Inventory
import Logging
import Storage
import StoreTesting
import Testing

@testable import PostgresStore
@testable import SQLiteStore

@Suite(.stores) struct SlowOperationTests {
    /// Runs `body` as a request with the id "mine". Expects that it logs exactly these operations.
    private func expectSlow(
        _ operations: [String], in body: () async throws -> Void
    ) async throws {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in log }
        logger[metadataKey: "requestId"] = "mine"
        try await withLogger(logger) { _ in try await body() }
        #expect(log.entries.map { "\($0.metadata["operation", default: ""])" } == operations)
        for line in log.entries {
            #expect(line.message == "slow database operation")
            #expect(line.metadata["requestId"] == "mine")
            let milliseconds = try #require(Int("\(line.metadata["milliseconds", default: ""])"))
            #expect((1000...5000).contains(milliseconds))
        }
    }

    @Test func slowOperationOfSQLiteIsNamed() async throws {
        let store = try await Backend.sqliteStore()
        let name = "slowOperationOfSQLiteIsNamed()"
        try await expectSlow([name, name, "other"]) {
            try await store.transaction(.snapshot) { _ in Thread.sleep(forTimeInterval: 1.1) }
            try await store.transaction(.write) { _ in Thread.sleep(forTimeInterval: 1.1) }
            try await store.transaction(.longWrite, operation: "other") { _ in
                Thread.sleep(forTimeInterval: 1.1)
            }
            _ = try await store.listCurrencies()
        }
    }

    @Test(.enabled(if: Backend.hasPostgres))
    func slowOperationOfPostgresIsNamed() async throws {
        let store = try await Backend.postgresStore()
        let kinds = [TransactionKind.query, .snapshot, .write]
        try await expectSlow(kinds.map { _ in "slowOperationOfPostgresIsNamed()" }) {
            _ = try await race(kinds.count) { index in
                try await store.transaction(kinds[index]) { connection in
                    _ = try connection.query("SELECT pg_sleep(1.1)")
                }
            }
            _ = try await store.listCurrencies()
        }
    }

    /// A command has no log, because its output is for users.
    @Test func withoutALogNothingIsWritten() {
        #expect(Logger.current.label.isEmpty)
        let log = InMemoryLogHandler()
        withLogger(Logger(label: "") { _ in log }) { _ in
            DatabaseOperation("x").note(since: .now - .seconds(2))
        }
        #expect(log.entries.isEmpty)
    }
}
