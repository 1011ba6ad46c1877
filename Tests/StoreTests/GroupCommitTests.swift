import CSQLite
import Foundation
import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Synchronization
import Testing
import Threads

/// Writes that wait share a commit, but each has its own outcome.
@Suite struct GroupCommitTests {
    /// A database that counts its transactions. The first waits for ``releaseFirstCommit()``.
    private final class Fixture: Sendable {
        let database: SharedConnection
        let commits: GroupCommit
        private let counter = SharedCount()
        /// How often the closures of writes ran.
        let runs = SharedCount()
        private let gate = DispatchSemaphore(value: 0)

        func releaseFirstCommit() { gate.signal() }

        init(_ failure: @escaping @Sendable (Int) throws -> Void = { _ in }) throws {
            let database = try SharedConnection()
            try database.use { try $0.runScript("CREATE TABLE item (name TEXT UNIQUE)") }
            self.database = database
            commits = GroupCommit { [counter, gate] _, _, body in
                let number = counter.next()
                if number == 1 { gate.wait() }
                try database.write { db in
                    try body(db)
                    try failure(number)
                }
            }
        }

        var transactions: Int { counter.value }

        func insert(
            _ names: String..., before deadline: ContinuousClock.Instant = .now + .seconds(60),
            isAlone: Bool = false, failing: Bool = false
        ) async throws {
            try await commits.write(before: deadline, isAlone: isAlone) { [runs] db in
                runs.next()
                for name in names {
                    try db.execute("INSERT INTO item VALUES (?)", [.text(name)])
                }
                if failing { throw ExpectedError() }
            }
        }

        func names() throws -> [String] {
            try database.read { db in
                try db.rows("SELECT name FROM item ORDER BY name") { try $0.text() }
            }
        }

        /// Runs all writes; all but the first arrive while the first commit waits.
        ///
        /// - Returns: The error of each write as text; "none" if it succeeded.
        func runTogether(
            _ writes: (@Sendable (Fixture) async throws -> Void)...
        ) async throws -> [String] {
            try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for (index, write) in writes.enumerated() {
                    group.addTask { (index, await failure { try await write(self) }) }
                    // The first write must be alone in its commit.
                    if index == 0 { try await until { transactions == 1 } }
                }
                try await until { commits.waitingCount == writes.count - 1 }
                releaseFirstCommit()
                return try await group.reduce(into: []) { $0.append($1) }
                    .sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
    }

    private struct ExpectedError: Error {}

    @Test func waitingWritesShareOneCommitAlsoIfOneFails() async throws {
        let fixture = try Fixture()
        let errors = try await fixture.runTogether(
            { try await $0.insert("a") }, { try await $0.insert("b") },
            { try await $0.insert("a") }, { try await $0.insert("c") })
        #expect(errors.map { $0 == "none" } == [true, true, false, true])
        #expect(errors[2].contains("UNIQUE constraint failed"))
        #expect(try fixture.names() == ["a", "b", "c"])
        // The failed write changed nothing, so the others shared their commit.
        #expect(fixture.transactions == 2)
    }

    @Test func partialWriteIsRolledBack() async throws {
        let fixture = try Fixture()
        let errors = try await fixture.runTogether(
            { try await $0.insert("a") }, { try await $0.insert("b") },
            { try await $0.insert("c", "d", failing: true) }, { try await $0.insert("e") })
        #expect(errors == ["none", "none", "ExpectedError()", "none"])
        #expect(try fixture.names() == ["a", "b", "e"])
    }

    @Test func failedCommitFailsAllWrites() async throws {
        let fixture = try Fixture { number in if number == 2 { throw ExpectedError() } }
        let errors = try await fixture.runTogether(
            { try await $0.insert("a") }, { try await $0.insert("b") },
            { try await $0.insert("c") })
        #expect(errors == ["none", "ExpectedError()", "ExpectedError()"])
        #expect(try fixture.names() == ["a"])
        // Later writes succeed.
        try await fixture.insert("d")
        #expect(try fixture.names() == ["a", "d"])
    }

    @Test func lateWriteIsRejected() async throws {
        let fixture = try Fixture()
        let errors = try await fixture.runTogether(
            { try await $0.insert("a") }, { try await $0.insert("late", before: .now) })
        #expect(errors == ["none", "\(BlockingThreadPool.Busy())"])
        #expect(try fixture.names() == ["a"])
    }

    @Test func writeAloneSharesNoCommit() async throws {
        let fixture = try Fixture()
        let errors = try await fixture.runTogether(
            { try await $0.insert("a") }, { try await $0.insert("b") },
            { try await $0.insert("c", isAlone: true) }, { try await $0.insert("d") })
        #expect(errors == ["none", "none", "none", "none"])
        #expect(try fixture.names() == ["a", "b", "c", "d"])
        #expect(fixture.transactions >= 3)
    }

    @Test func failedWriteAloneRunsOnceAndIsRolledBack() async throws {
        let fixture = try Fixture()
        let errors = try await fixture.runTogether(
            { try await $0.insert("a") },
            { try await $0.insert("b", isAlone: true, failing: true) },
            { try await $0.insert("c") })
        #expect(errors == ["none", "ExpectedError()", "none"])
        #expect(fixture.runs.value == 3)
        #expect(try fixture.names() == ["a", "c"])
    }

    @Test func writeBehindALongOneIsRejectedAtItsDeadline() async throws {
        let fixture = try Fixture()
        fixture.releaseFirstCommit()
        let (begun, pause) = (SharedCount(), DispatchSemaphore(value: 0))
        async let long: Void = fixture.commits.write(
            before: .now + .seconds(60), isAlone: true
        ) { _ in
            begun.next()
            #expect(pause.wait(timeout: .now() + 60) == .success)
        }
        try await until { begun.value == 1 }
        // The long write still runs when the late one is rejected.
        await #expect(throws: BlockingThreadPool.Busy.self) {
            try await fixture.insert("late", before: .now + .milliseconds(300))
        }
        pause.signal()
        // A write with a later deadline runs after the long one.
        try await fixture.insert("patient")
        try await long
        #expect(try fixture.names() == ["patient"])
    }

    @Test func fullQueueRejectsWrites() async throws {
        let fixture = try Fixture()
        let refused = SharedCount()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await fixture.insert("first") }
            // From now on, the first write runs, so all others wait.
            try await until { fixture.transactions == 1 }
            for number in 0..<GroupCommit.mostWaiting + 50 {
                group.addTask {
                    do {
                        try await fixture.insert("\(number)")
                    } catch is BlockingThreadPool.Busy {
                        // After 50 rejections, all writes have arrived.
                        if refused.next() == 50 { fixture.releaseFirstCommit() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(refused.value == 50)
        #expect(try fixture.names().count == GroupCommit.mostWaiting + 1)
    }

    @Test func cancelledChangeIsInterruptedAndRolledBack() async throws {
        let database = try SharedConnection()
        let cancellation = Cancellation()
        try database.use { try $0.runScript("CREATE TABLE number (n INTEGER)") }
        let cacheSize = "PRAGMA cache_size"
        let endless = """
            WITH RECURSIVE endless (n) AS (SELECT 1 UNION ALL SELECT 1 FROM endless)
            INSERT INTO number SELECT 1 FROM endless WHERE n = 2
            """
        let before = try database.use { try $0.count(cacheSize, isCached: false) }
        let cancelling = Task {
            try await Task.sleep(for: .milliseconds(200))
            cancellation.cancel()
        }
        #expect(throws: SQLiteError.self) {
            try database.write { db in
                try db.interrupting(if: { cancellation.isCancelled }) {
                    try db.withLargeCache { try db.runScript(endless) }
                }
            }
        }
        try await cancelling.value
        let (count, after) = try database.use { db in
            try (db.count("SELECT count(*) FROM number"), db.count(cacheSize, isCached: false))
        }
        #expect(count == 0 && after == before)
    }
}
