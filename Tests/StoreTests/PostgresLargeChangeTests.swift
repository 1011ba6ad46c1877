import Foundation
import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Synchronization
import Testing

/// Other requests during imports, bulk changes and undos; with `scripts/with-postgres`.
@Suite(.enabled(if: Backend.allCases.contains(.postgres)))
struct PostgresLargeChangeTests {
    private static let values = (1...6).map { "+55 84 91234-432\($0)" }

    /// Calls `body` with two replicas, whose inventory has the first four of ``values``.
    private func withReplicas(
        _ body: (_ address: PostgresAddress, PostgresStore, PostgresStore) async throws -> Void
    ) async throws {
        try await Backend.withPostgresSchema { address in
            let stores = [try await PostgresStore(address), try await PostgresStore(address)]
            for value in Self.values.prefix(4) {
                try await stores[0].createNumber(try NumberContent(value))
            }
            try await body(address, stores[0], stores[1])
            for store in stores {
                #expect(try await store.givesAllConnectionsBack())
                await store.close()
            }
            let errors = try Connection(address).errors(in: .counts)
            #expect(errors == IntegrityErrors())
        }
    }

    /// The rows as batches of one; the last of them is read after `pause`, when the others are locked.
    private func rows(_ rows: [ImportRow], _ pause: Pause) -> StagedRows {
        let hasPaused = Atomic(false)
        return StagedRows(batchCount: rows.count) { index in
            if index == rows.count - 1, !hasPaused.exchange(true, ordering: .relaxed) {
                pause.reach()
            }
            return [rows[index]]
        }
    }

    @Test func onlyWritersOfItsNumbersWaitForAnImport() async throws {
        try await withReplicas { _, importer, other in
            let pause = Pause()
            let rows = rows(
                [.row(1, Self.values[0], currency: "€"), .row(2, Self.values[4])], pause)
            async let report = importer.importNumbers(
                .upsert, isDryRun: false, by: .tester, rows)
            await pause.isReached()
            defer { pause.end() }
            let start = ContinuousClock.now
            try await other.createNumber(try NumberContent(Self.values[5]))
            try await other.updateNumber(2, if: .always) { $0.currency = try Currency("€") }
            let price = PriceAdjustment.to(try Price("9"))
            for selection in [
                Selection.ids([3, 4]), .matching(NumberFilter(search: Search("4324"))),
            ] {
                let bulk = BulkChange(
                    selection, .set(Adjustments(prices: [.setupPrice: price])))
                let change = try await other.changeNumbers(bulk, by: .tester)
                if let change { try await other.undo(change.id) }
            }
            _ = try await other.importNumbers(.update, [.row(1, Self.values[1], monthyPrice: "7")])
            #expect(ContinuousClock.now - start < .seconds(2))
            let error = await #expect(throws: InventoryError.self) {
                try await other.updateNumber(1, if: .always) { $0.setupPrice = try Price("1") }
            }
            guard case .unavailable = error else { throw try #require(error) }
            pause.end()
            #expect(try await report.changed == 1)
            #expect(try await report.created == 1)
            #expect(try await other.history(ofNumber: 1, Paging()).total == 2)
        }
    }

    @Test func changesOfANumberAreInTheOrderOfTheirIDs() async throws {
        try await withReplicas { _, importer, other in
            let pause = Pause()
            let rows = rows(
                [
                    .row(1, Self.values[4]),
                    .row(2, Self.values[0], monthyPrice: "2", setupPrice: nil),
                ], pause)
            async let report = importer.importNumbers(
                .upsert, isDryRun: false, by: .tester, rows)
            await pause.isReached()
            defer { pause.end() }
            try await other.updateNumber(1, if: .always) { $0.setupPrice = try Price("5") }
            pause.end()
            let change = try await report.change
            let history = try await other.history(ofNumber: 1, Paging()).elements
            #expect(history.first?.change.id == change)
            #expect(history.map(\.number.version) == [3, 2, 1])
            #expect(history.first?.number.before?.setupPrice.description == "5.00")
            #expect(try await other.number(1).content.monthyPrice.description == "2.00")
        }
    }

    @Test(arguments: [ImportMode.create, .upsert])
    func importFindsNumbersThatWereCreatedMeanwhile(mode: ImportMode) async throws {
        try await withReplicas { _, importer, other in
            let pause = Pause()
            let rows = rows(
                [.row(1, Self.values[4], monthyPrice: "2"), .row(2, Self.values[5])], pause)
            async let report = importer.importNumbers(mode, isDryRun: false, by: .tester, rows)
            await pause.isReached()
            defer { pause.end() }
            let number = try await other.createNumber(try NumberContent(Self.values[4]))
            pause.end()
            let (created, changed, errors) = try await (
                report.created, report.changed, report.errors.map(\.error.detail)
            )
            #expect(created == 1)
            #expect(changed == (mode == .create ? 0 : 1))
            #expect(
                errors
                    == (mode == .create ? ["is already in the inventory as id \(number.id)"] : []))
            let total = try await other.listNumbers(NumberQuery()).total
            #expect(total == (mode == .create ? 5 : 6))
        }
    }

    @Test func writerFindsTheNumberWhosePhoneNumberAnImportChanged() async throws {
        try await withReplicas { address, importer, other in
            let pause = Pause()
            let rows = rows(
                [
                    .row(1, Self.values[1], id: 1), .row(2, Self.values[0], id: 2),
                    .row(3, Self.values[4]),
                ], pause)
            async let report = importer.importNumbers(
                .upsert, isDryRun: false, by: .tester, rows)
            await pause.isReached()
            defer { pause.end() }
            async let number = other.updateNumber(1, if: .always) {
                $0.setupPrice = try Price("5")
            }
            try await until {
                try Connection(address).query(
                    """
                    SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                    AND application_name = current_setting('application_name')
                    """
                ).count == 1
            }
            pause.end()
            #expect(try await report.changed == 2)
            #expect(try await number.version == 3)
            #expect(try await number.content.value.digits == "5584912344322")
        }
    }

    @Test func importsOfDifferentNumbersRunConcurrently() async throws {
        try await withReplicas { _, one, other in
            let pauses = [Pause(), Pause()]
            async let first = one.importNumbers(
                .upsert, isDryRun: false, by: .tester,
                rows([.row(1, Self.values[0], currency: "€"), .row(2, Self.values[4])], pauses[0]))
            async let second = other.importNumbers(
                .upsert, isDryRun: false, by: .tester,
                rows([.row(1, Self.values[1], currency: "€"), .row(2, Self.values[5])], pauses[1]))
            for pause in pauses { await pause.isReached() }
            for pause in pauses { pause.end() }
            let changes = try await [first.change, second.change]
            #expect(changes.compactMap { $0 }.count == 2)
            #expect(try await one.listNumbers(NumberQuery()).total == 6)
        }
    }

    @Test func cancelledImportEndsItsStatement() async throws {
        try await withReplicas { address, store, _ in
            try await PostgresStore.execute(
                """
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$;
                CREATE TRIGGER dawdle BEFORE INSERT ON number
                FOR EACH ROW EXECUTE FUNCTION dawdle()
                """, at: address)
            let task = Task {
                try await store.importNumbers(.create, [.row(1, Self.values[4])])
            }
            try await until {
                try Connection(address).query(
                    "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                ).count > 0
            }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(try await store.listNumbers(NumberQuery()).total == 4)
        }
    }

    @Test(arguments: [false, true])
    func lookUpUsesTheUniqueIndex(isAnalyzed: Bool) async throws {
        try await Backend.withPostgresSchema { address in
            await (try await PostgresStore(address)).close()
            let connection = try Connection(address)
            connection.hasTimeout = false
            try connection.execute(
                """
                ALTER TABLE number SET (autovacuum_enabled = off);
                INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
                SELECT digits, '+' || digits, 1, 1, 'U$' FROM (
                    SELECT (5584900000000 + n)::text AS digits FROM generate_series(1, 20000) AS n
                ) AS numbers
                """)
            if isAnalyzed { try connection.execute("ANALYZE number") }
            for (column, type, index) in [
                ("digits", "text", "number_digits_unique"), ("id", "bigint", "number_pkey"),
            ] {
                let keys = (1...3000).map { "\(5_584_900_000_000 + $0)" }.joined(separator: ",")
                let plan = try connection.query(
                    "EXPLAIN "
                        + Connection.lookUp(column, type, isLocking: false),
                    [.text("{\(keys)}")]
                ).map { $0.text() }.joined(separator: "\n")
                #expect(plan.contains("Index Scan using \(index)"), "\(plan)")
                #expect(!plan.contains("Bitmap") && !plan.contains("Seq Scan"), "\(plan)")
            }
        }
    }

    /// Each change of a number starts from the previous content.
    @Test func concurrentChangesLeaveOneHistory() async throws {
        try await withReplicas { _, one, other in
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
            // One worker may fail each time: its number was deleted, or it waited too long.
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
