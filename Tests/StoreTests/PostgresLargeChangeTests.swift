import Foundation
@testable import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Synchronization
import Testing

/// Other requests during imports, bulk changes and undos; with `scripts/with-postgres`.
@Suite(.stores, .enabled(if: Backend.hasPostgres)) struct PostgresLargeChangeTests {
    private static let values = (1...6).map { "+55 84 91234-432\($0)" }

    /// Calls `body` with two stores of one inventory, which has the first four of ``values``.
    private func withReplicas(
        _ body: (PostgresStore, PostgresStore) async throws -> Void
    ) async throws {
        let first = try await Backend.postgresStore()
        for value in Self.values.prefix(4) {
            try await first.createNumber(try NumberContent(value))
        }
        try await body(first, Backend.postgresStore(at: first.address))
        #expect(try Connection(first.address).errors(in: .counts) == IntegrityErrors())
    }

    /// Calls `body` while an import has locked all its numbers except that of the last row.
    ///
    /// - Returns: The report of the import, which ends after `body`.
    private func during(
        _ rows: [ImportRow], in store: PostgresStore, mode: ImportMode = .upsert,
        _ body: () async throws -> Void
    ) async throws -> ImportReport {
        let pause = Pause()
        let hasPaused = Atomic(false)
        let staged = StagedRows(batchCount: rows.count) { index in
            if index == rows.count - 1, !hasPaused.exchange(true, ordering: .relaxed) {
                pause.reach()
            }
            return [rows[index]]
        }
        async let report = store.importNumbers(mode, isDryRun: false, by: .tester, staged)
        await pause.isReached()
        defer { pause.end() }
        try await body()
        pause.end()
        return try await report
    }

    @Test func onlyWritersOfItsNumbersWaitForAnImport() async throws {
        try await withReplicas { importer, other in
            let rows: [ImportRow] = [
                .row(1, Self.values[0], currency: "€"), .row(2, Self.values[4]),
            ]
            let report = try await during(rows, in: importer) {
                let start = ContinuousClock.now
                try await other.createNumber(try NumberContent(Self.values[5]))
                try await other.updateNumber(2, if: .always) { $0.currency = try Currency("€") }
                let price = Adjustments(prices: [.setupPrice: .to(try Price("9"))])
                for selection in [
                    Selection.ids([3, 4]), .matching(NumberFilter(search: Search("4324"))),
                ] {
                    let change = try await other.changeNumbers(
                        BulkChange(selection, .set(price)), by: .tester)
                    try await other.undo(change?.id)
                }
                _ = try await other.importNumbers(
                    .update, [.row(1, Self.values[1], monthyPrice: "7")])
                #expect(ContinuousClock.now - start < .seconds(2))
                let error = await failure {
                    try await other.updateNumber(1, if: .always) { $0.setupPrice = .greatest }
                }
                #expect(error.hasPrefix("unavailable"))
            }
            #expect(report.changed == 1 && report.created == 1)
            #expect(try await other.history(ofNumber: 1, Paging()).total == 2)
        }
    }

    @Test func changesOfANumberAreInTheOrderOfTheirIDs() async throws {
        try await withReplicas { importer, other in
            let rows: [ImportRow] = [
                .row(1, Self.values[4]), .row(2, Self.values[0], monthyPrice: "2", setupPrice: nil),
            ]
            let report = try await during(rows, in: importer) {
                try await other.updateNumber(1, if: .always) { $0.setupPrice = try Price("5") }
            }
            let history = try await other.history(ofNumber: 1, Paging()).elements
            #expect(history.first?.change.id == report.change)
            #expect(history.map(\.number.version) == [3, 2, 1])
            #expect(history.first?.number.before?.setupPrice.description == "5.00")
            #expect(try await other.number(1).content.monthyPrice.description == "2.00")
        }
    }

    @Test(arguments: [(ImportMode.create, 0, 5), (.upsert, 1, 6)])
    func importFindsNumbersThatWereCreatedMeanwhile(
        mode: ImportMode, changed: Int, total: Int
    ) async throws {
        try await withReplicas { importer, other in
            let rows: [ImportRow] = [
                .row(1, Self.values[4], monthyPrice: "2"), .row(2, Self.values[5]),
            ]
            var errors: [String] = []
            let report = try await during(rows, in: importer, mode: mode) {
                let id = try await other.createNumber(try NumberContent(Self.values[4])).id
                if mode == .create { errors = ["is already in the inventory as id \(id)"] }
            }
            #expect(report.created == 1 && report.changed == changed)
            #expect(report.errors.map(\.error.detail) == errors)
            #expect(try await other.count() == total)
        }
    }

    @Test func writerFindsTheNumberWhosePhoneNumberAnImportChanged() async throws {
        try await withReplicas { importer, other in
            let rows: [ImportRow] = [
                .row(1, Self.values[1], id: 1), .row(2, Self.values[0], id: 2),
                .row(3, Self.values[4]),
            ]
            var update: Task<DIDNumber, any Error>?
            let report = try await during(rows, in: importer) {
                update = Task {
                    try await other.updateNumber(1, if: .always) { $0.setupPrice = try Price("5") }
                }
                try await until { try other.lockWaitCount() == 1 }
            }
            #expect(report.changed == 2)
            let number = try await update?.value
            #expect(number?.version == 3)
            #expect(number?.content.value.digits == "5584912344322")
        }
    }

    @Test func importsOfDifferentNumbersRunConcurrently() async throws {
        try await withReplicas { one, other in
            let rows = [0, 1].map { index -> [ImportRow] in
                [.row(1, Self.values[index], currency: "€"), .row(2, Self.values[index + 4])]
            }
            var second: ImportReport?
            let first = try await during(rows[0], in: one) {
                second = try await during(rows[1], in: other) {}
            }
            #expect(first.change != nil && second?.change != nil)
            #expect(try await one.count() == 6)
        }
    }

    @Test func cancelledImportEndsItsStatement() async throws {
        try await withReplicas { store, _ in
            try await store.delayInsertions(bySeconds: 30)
            let task = Task {
                try await store.importNumbers(.create, [.row(1, Self.values[4])])
            }
            try await until {
                try Connection(store.address).query(
                    "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                ).count > 0
            }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(try await store.count() == 4)
        }
    }

    @Test(arguments: [false, true])
    func lookUpUsesTheUniqueIndex(isAnalyzed: Bool) async throws {
        let address = try await Backend.postgresStore().address
        try await PostgresStore.execute(
            """
            ALTER TABLE number SET (autovacuum_enabled = off);
            INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
            SELECT digits, '+' || digits, 1, 1, 'U$' FROM (
                SELECT (5584900000000 + n)::text AS digits FROM generate_series(1, 20000) AS n
            ) AS numbers
            """, at: address)
        if isAnalyzed { try await PostgresStore.execute("ANALYZE number", at: address) }
        let connection = try Connection(address)
        let keys = (1...3000).map { "\(5_584_900_000_000 + $0)" }.joined(separator: ",")
        for (column, type, index) in [
            ("digits", "text", "number_digits_unique"), ("id", "bigint", "number_pkey"),
        ] {
            let lookUp = Connection.lookUp(column, type, isLocking: false)
            let plan = try connection.query("EXPLAIN " + lookUp, [.text("{\(keys)}")])
                .map { $0.text() }.joined(separator: "\n")
            #expect(plan.contains("Index Scan using \(index)"), "\(plan)")
            #expect(!plan.contains("Bitmap") && !plan.contains("Seq Scan"), "\(plan)")
        }
    }

    /// Each change of a number must start from the previous content.
    @Test func concurrentChangesLeaveOneHistory() async throws {
        try await withReplicas { one, other in
            let stores = [one, other]
            let succeeded = try await race(6) { worker in
                var count = 0
                for round in 0..<25 {
                    do {
                        try await Self.change(stores[worker % 2], worker, round)
                        count += 1
                    } catch let error as InventoryError {
                        if case .outcomeUnknown = error { throw error }
                    }
                }
                return count
            }
            // A worker may fail each time: another deleted its number, or it waited too long.
            #expect(succeeded.reduce(0, +) > 25, "\(succeeded)")
            for id in 1...4 as ClosedRange<Int64> {
                let history = try await one.history(ofNumber: id, Paging(perPage: 1000)).elements
                for (next, previous) in zip(history, history.dropFirst()) {
                    #expect(next.number.before == previous.number.after)
                }
            }
        }
    }

    private static func change(
        _ store: PostgresStore, _ worker: Int, _ round: Int
    ) async throws {
        let price = try Price("\(worker).\(10 + round)")
        let id = Int64(1 + round % 4)
        switch worker {
        case 0, 1: try await store.updateNumber(id, if: .always) { $0.setupPrice = price }
        case 2:
            let adjustments = Adjustments(
                prices: [.monthyPrice: .to(price)], currency: try Currency(["€", "U$"][round % 2]))
            let change = try await store.changeNumbers(
                BulkChange(.ids([id, id % 4 + 1]), .set(adjustments)), by: .tester)
            if let change { try await store.undo(change.id) }
        case 3:
            let change = try await store.changeNumbers(
                BulkChange(.ids([id]), .delete), by: .tester)
            try await store.undo(change?.id)
        default:
            let ids = worker == 4 ? [id, id % 4 + 1] : [id % 4 + 1, id]
            _ = try await store.importNumbers(
                .update, ids.map { .row(1, nil, id: $0, setupPrice: price.description) })
        }
    }
}
