import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Testing

@Suite(.stores) struct LargeChangeContract {
    /// So many numbers that SQLite rebuilds its indexes.
    private static let count = 10_100

    /// Rows with different numbers and prices, in three currencies.
    private static let rows = (0..<count).map { index in
        ImportRow.row(
            index + 2, "+55 11 9\(12_340_000 + index)", monthyPrice: "0.\(100 + index % 900)",
            currency: ["U$", "R$", "€"][index % 3])
    }

    @Test(arguments: Backend.shared)
    func importIsUndoneAndRedone(backend: Backend) async throws {
        let store = try await backend.store()
        let sqlite = store as? SQLiteStore
        try sqlite?.database.write { db in
            try db.runScript(
                """
                CREATE TABLE arrival (number INTEGER);
                CREATE INDEX "an operator's own" ON number (version);
                CREATE TRIGGER "an operator's trigger" AFTER INSERT ON number BEGIN
                    INSERT INTO arrival VALUES (new.id);
                END
                """)
        }
        let schema = try sqlite?.schema()
        let report = try await store.importNumbers(
            .create, isDryRun: false, by: .tester, StagedRows(Self.rows, batchSize: 1000))
        #expect(report.errors == [])
        #expect(report.created == Self.count)
        try await Self.check(store, count: Self.count, version: 1)
        let undo = try await store.undo(report.change)
        try await Self.check(store, count: 0)
        try await store.undo(undo.id)
        try await Self.check(store, count: Self.count, version: 2)
        #expect(try sqlite?.schema() == schema)
        let arrivals = try sqlite?.database.read { try $0.count("SELECT count(*) FROM arrival") }
        #expect(arrivals == sqlite.map { _ in 2 * Self.count })
        // Afterwards, changes of one number still keep the indexes complete.
        #expect(try await store.create("4321").number.id == Int64(Self.count) + 1)
        try await store.deleteNumber(1, if: .always)
        try await Self.check(store, count: Self.count, version: 2)
    }

    /// Expects that totals, searches, sorted lists and indexes agree.
    private static func check(
        _ store: any InventoryStore, count: Int, version: Int64? = nil
    ) async throws {
        try (store as? SQLiteStore)?.checkIndexes()
        #expect(try await store.count() == count)
        let counts = try await store.listCurrencies().map { $0.count }
        #expect(counts.reduce(0, +) == count)
        let found = try await store.listNumbers(
            NumberQuery(filter: NumberFilter(search: Search("0042"))))
        #expect(found.total == found.elements.count)
        #expect((found.total > 0) == (count > 0))
        let dearest = try await store.listNumbers(
            NumberQuery(sort: [SortKey(.member(.monthyPrice), descending: true)])
        ).elements.first
        #expect(dearest?.version == version)
        #expect(dearest?.content.monthyPrice.description == version.map { _ in "0.999" })
    }

    @Test(arguments: Backend.shared)
    func writerBehindALongImportIsRefusedInTime(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        let pause = Pause()
        let rows = StagedRows(batchCount: 2) { index in
            guard index > 0 else { return [.row(1, "+55 84 91234-4321", monthyPrice: "0.50")] }
            pause.reach()
            return [.row(2, "+12127365000")]
        }
        async let report = store.importNumbers(.upsert, isDryRun: false, by: .tester, rows)
        await pause.isReached()
        defer { pause.end() }
        @Sendable func update() async throws -> RecordedNumber {
            try await store.updateNumber(1, if: .always, by: .tester) { $0.setupPrice = .greatest }
        }
        async let late = failure { try await update() }
        // Readers continue, and see the state before the import.
        #expect(try await store.count() == 1)
        #expect(try await store.changeCount() == 1)
        // The writer is refused before the import ends.
        #expect(await late.hasPrefix("unavailable"))
        pause.end()
        // After the import, the same request succeeds.
        #expect(try await report.change == 2)
        let changed = try await update()
        #expect(changed.change == 3)
        #expect(changed.number.version == 3)
        #expect(try await store.count() == 2)
    }

    @Test(arguments: Backend.allCases)
    func oneOfSeveralImportsAtTheSameTimeSucceeds(backend: Backend) async throws {
        let store = try await backend.store()
        let rows = Array(Self.rows.prefix(900))
        let reports = try await race(3) { _ -> ImportReport? in
            do {
                return try await store.importNumbers(.create, rows)
            } catch InventoryError.unavailable {
                return nil
            }
        }.compactMap { $0 }
        #expect(reports.count { $0.errorCount == 0 } == 1)
        // The other imports find the numbers of the first in the inventory, or were refused.
        for report in reports where report.errorCount > 0 {
            #expect(report.errorCount <= 900)
            #expect(report.change == nil)
        }
        try await Self.check(store, count: 900, version: 1)
        #expect(try await store.changeCount() == 1)
    }
}
