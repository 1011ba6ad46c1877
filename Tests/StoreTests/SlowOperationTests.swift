import Foundation
import InMemoryLogging
import Inventory
import Logging
import Storage
import StoreTesting
import Testing

@testable import PostgresStore
@testable import SQLiteStore

/// The log of slow database operations.
@Suite(.stores) struct SlowOperationTests {
    /// The lines that `body` logs, as a request with the id "mine".
    private func lines(_ body: () async throws -> Void) async throws -> [InMemoryLogHandler.Entry] {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in log }
        logger[metadataKey: "requestId"] = "mine"
        try await withLogger(logger) { _ in try await body() }
        return log.entries
    }

    private func expect(_ lines: [InMemoryLogHandler.Entry], name operations: [String]) throws {
        #expect(lines.map { "\($0.metadata["operation", default: ""])" } == operations)
        for line in lines {
            #expect(line.message == "slow database operation")
            #expect(line.metadata["requestId"] == "mine")
            let milliseconds = try #require(Int("\(line.metadata["milliseconds", default: ""])"))
            #expect((1000...5000).contains(milliseconds))
        }
    }

    @Test func slowOperationOfSQLiteIsNamed() async throws {
        let store = try #require(try await Backend.sqliteInMemory.store() as? SQLiteStore)
        let lines = try await lines {
            try await store.transaction(.snapshot) { _ in Thread.sleep(forTimeInterval: 1.1) }
            try await store.transaction(.write) { _ in Thread.sleep(forTimeInterval: 1.1) }
            try await store.transaction(.longWrite, operation: "other") { _ in
                Thread.sleep(forTimeInterval: 1.1)
            }
            _ = try await store.listCurrencies()
        }
        let name = "slowOperationOfSQLiteIsNamed()"
        try expect(lines, name: [name, name, "other"])
    }

    @Test(.enabled(if: Backend.allCases.contains(.postgres)))
    func slowOperationOfPostgresIsNamed() async throws {
        let store = try #require(try await Backend.postgres.store() as? PostgresStore)
        let lines = try await lines {
            for kind in [TransactionKind.query, .snapshot, .write] {
                try await store.transaction(kind) { connection in
                    _ = try connection.query("SELECT pg_sleep(1.1)")
                }
            }
            _ = try await store.listCurrencies()
        }
        let name = "slowOperationOfPostgresIsNamed()"
        try expect(lines, name: [name, name, name])
    }

    /// A command's output is for users, and it has no log.
    @Test func withoutALogNothingIsWritten() {
        #expect(Logger.current.label.isEmpty)
        let log = InMemoryLogHandler()
        withLogger(Logger(label: "") { _ in log }) { _ in
            DatabaseOperation("x").note(since: .now - .seconds(2))
        }
        #expect(log.entries.isEmpty)
    }
}
