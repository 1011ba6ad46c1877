import Foundation
import Inventory
import StoreTesting
import Synchronization
import Testing

/// Changes of so many numbers that a store makes their indexes anew.
@Suite struct LargeChangeContract {
    private static let count = 12_000

    /// Numbers and prices that differ, in three currencies.
    private static func rows() throws -> [ImportRow] {
        let symbols = ["U$", "R$", "€"]
        return (0..<count).map { index in
            .row(
                index + 2, "+55 11 9\(12_340_000 + index)",
                monthyPrice: "0.\(100 + index % 900)", currency: symbols[index % 3])
        }
    }

    @Test(arguments: Backend.allCases)
    func importsTakesBackAndRedoes(backend: Backend) async throws {
        try await backend.withStore { store in
            let report = try await store.importNumbers(.create, try Self.rows())
            #expect(report.errors == [])
            #expect(report.created == Self.count)
            try await Self.check(store, count: Self.count, version: 1)
            let undo = try await store.undo(report.change)
            try await Self.check(store, count: 0, version: 0)
            try await store.undo(undo.id)
            try await Self.check(store, count: Self.count, version: 2)
            // What is written one by one finds all as it should be.
            let next = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            #expect(next.id == Int64(Self.count) + 1)
            try await store.deleteNumber(1, if: .always)
            try await Self.check(store, count: Self.count, version: nil)
        }
    }

    /// Totals, searches and orders tell of the same numbers.
    private static func check(
        _ store: any InventoryStore, count: Int, version: Int64?
    ) async throws {
        #expect(try await store.listNumbers(NumberQuery()).total == count)
        var totals = 0
        for symbol in ["U$", "R$", "€"] {
            let query = NumberQuery(filter: NumberFilter(currency: try Currency(symbol)))
            totals += try await store.listNumbers(query).total
        }
        #expect(totals == count)
        let found = try await store.listNumbers(
            NumberQuery(filter: NumberFilter(search: Search("0042"))))
        #expect(found.total == found.elements.count)
        #expect((found.total > 0) == (count > 0))
        let dearest = try await store.listNumbers(
            NumberQuery(sort: [SortKey(.monthyPrice, descending: true)])
        ).elements.first
        #expect((dearest?.content.monthyPrice.description == "0.999") == (count > 0))
        if let version { #expect(dearest.map(\.version) ?? 0 == version) }
    }

    @Test(arguments: Backend.shared)
    func whoWaitsBehindALongOneIsToldInTime(backend: Backend) async throws {
        try await backend.withStore { store in
            try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let pause = Pause()
            let rows = StagedRows(batchCount: 2) { index in
                guard index > 0 else {
                    return [.row(1, "+55 84 91234-4321", monthyPrice: "0.50")]
                }
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
            // Readers go on, and find what was there before.
            #expect(try await store.listNumbers(NumberQuery()).total == 1)
            #expect(try await store.listChanges(ChangeQuery()).total == 1)
            #expect(ContinuousClock.now - began < .seconds(4))
            let error = await #expect(throws: InventoryError.self) { try await late.value }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            // It waits for five seconds, and the long one still goes on.
            #expect(ContinuousClock.now - began < .seconds(15))
            pause.end()
            // Nothing is lost, and who asks again later is served.
            #expect(try await report.change == 2)
            let changed = try await store.updateNumber(1, if: .always, by: .tester) {
                $0.setupPrice = Price(storedTenThousandths: 2)
            }
            #expect(changed.change == 3)
            #expect(changed.number.version == 3)
            #expect(try await store.listNumbers(NumberQuery()).total == 2)
        }
    }

    @Test(arguments: Backend.allCases)
    func twoImportsAtOnceAreNoMixture(backend: Backend) async throws {
        try await backend.withStore { store in
            let rows = try Self.rows()
            let reports = try await race(3) { _ -> ImportReport? in
                do {
                    return try await store.importNumbers(.create, rows)
                } catch InventoryError.unavailable {
                    return nil
                }
            }
            // One has taken in all of them; to the others they were there, or they came too late.
            #expect(reports.compactMap { $0 }.count { $0.errorCount == 0 } == 1)
            for report in reports.compactMap({ $0 }) where report.errorCount > 0 {
                #expect(report.errorCount == min(Self.count, ImportReport.mostCounted))
                #expect(report.change == nil)
            }
            try await Self.check(store, count: Self.count, version: 1)
            #expect(try await store.listChanges(ChangeQuery()).total == 1)
        }
    }
}
