import Foundation
import Inventory
import StoreTesting
import Synchronization
import Testing

/// Changes of so many numbers that a store rebuilds indexes.
@Suite(.stores) struct LargeChangeContract {
    /// SQLite rebuilds its indexes after so many changes.
    private static let count = 10_100

    /// Numbers and prices that differ, in three currencies.
    private static func rows(_ count: Int = count) -> [ImportRow] {
        let symbols = ["U$", "R$", "€"]
        return (0..<count).map { index in
            .row(
                index + 2, "+55 11 9\(12_340_000 + index)", monthyPrice: "0.\(100 + index % 900)",
                currency: symbols[index % 3])
        }
    }

    @Test(arguments: Backend.shared)
    func importIsUndoneAndRedone(backend: Backend) async throws {
        let store = try await backend.store()
        let report = try await store.importNumbers(.create, Self.rows())
        #expect(report.errors == [])
        #expect(report.created == Self.count)
        try await Self.check(store, count: Self.count, version: 1)
        let undo = try await store.undo(report.change)
        try await Self.check(store, count: 0, version: 0)
        try await store.undo(undo.id)
        try await Self.check(store, count: Self.count, version: 2)
        // Later changes of one number find the indexes complete.
        let next = try await store.create("4321").number
        #expect(next.id == Int64(Self.count) + 1)
        try await store.deleteNumber(1, if: .always)
        try await Self.check(store, count: Self.count, version: nil)
    }

    /// Totals, searches and sorted lists agree.
    private static func check(_ store: any InventoryStore, count: Int, version: Int64?) async throws
    {
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
        #expect((dearest?.content.monthyPrice.description == "0.999") == (count > 0))
        if let version { #expect(dearest.map(\.version) ?? 0 == version) }
    }

    @Test(.alone, arguments: Backend.shared)
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
        let began = ContinuousClock.now
        let late = Task {
            try await store.updateNumber(1, if: .always) {
                $0.setupPrice = Price(storedTenThousandths: 1)
            }
        }
        // Readers continue, and see the state before the import.
        #expect(try await store.count() == 1)
        #expect(try await store.changeCount() == 1)
        #expect(ContinuousClock.now - began < .seconds(4))
        #expect(await failure { try await late.value }.hasPrefix("unavailable"))
        // The writer waited five seconds, and the import still runs.
        #expect(ContinuousClock.now - began < .seconds(15))
        pause.end()
        // A later request succeeds.
        #expect(try await report.change == 2)
        let changed = try await store.updateNumber(1, if: .always, by: .tester) {
            $0.setupPrice = Price(storedTenThousandths: 2)
        }
        #expect(changed.change == 3)
        #expect(changed.number.version == 3)
        #expect(try await store.count() == 2)
    }

    @Test(arguments: Backend.allCases)
    func oneOfSeveralImportsAtTheSameTimeSucceeds(backend: Backend) async throws {
        let store = try await backend.store()
        let rows = Self.rows(900)
        let reports = try await race(3) { _ -> ImportReport? in
            do {
                return try await store.importNumbers(.create, rows)
            } catch InventoryError.unavailable {
                return nil
            }
        }.compactMap { $0 }
        #expect(reports.count { $0.errorCount == 0 } == 1)
        // Another import finds numbers of the first in the inventory, or is refused before.
        for report in reports where report.errorCount > 0 {
            #expect(report.errorCount <= 900)
            #expect(report.change == nil)
        }
        try await Self.check(store, count: 900, version: nil)
        #expect(try await store.changeCount() == 1)
    }
}
