import Foundation
@testable import Inventory
import JSON
import StoreTesting
import Synchronization
import Testing

@Suite(.stores) struct ImportContract {
    @Test(arguments: Backend.allCases)
    func createsAndChangesNumbers(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        try await store.create("4322")
        let report = try await store.importNumbers(
            .upsert,
            [
                .row(2, "+55 84 91234-4323"), .row(3, "+55 84 91234-4321", monthyPrice: "0.50"),
                .row(4, "+55 84 91234-4322"),
            ])
        let expected = ImportReport(rows: 3, created: 1, changed: 1, unchanged: 1, change: 3)
        #expect(report == expected)
        #expect(try await store.number(1).content.monthyPrice.description == "0.50")
        #expect(try await store.number(1).version == 2)
        #expect(try await store.number(2).version == 1)
        #expect(try await store.number(3).content.value.digits == "5584912344323")
        let change = try await store.change(3)
        #expect(change.kind == .import)
        #expect(change.count == 2)
        try await store.undo(change.id)
        #expect(try await store.count() == 2)
        #expect(try await store.number(1).content.monthyPrice.description == "0.03")
        try await store.undo(change.id + 1)
        #expect(try await store.number(3).version == 2)
    }

    @Test(arguments: Backend.allCases)
    func dryRunChangesNothing(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        let report = try await store.importNumbers(
            .upsert, isDryRun: true,
            [.row(1, "+55 84 91234-4322"), .row(2, "+55 84 91234-4321", monthyPrice: "1")])
        #expect(report.rows == 2)
        #expect(report.created == 1)
        #expect(report.changed == 1)
        #expect(report.errors.isEmpty)
        #expect(report.change == nil)
        #expect(report.examples.map(\.line) == [1, 2])
        #expect(report.examples.map { $0.before?.monthyPrice.description } == [nil, "0.03"])
        #expect(report.examples.map(\.after.monthyPrice.description) == ["0.03", "1.00"])
        #expect(try await store.count() == 1)
        #expect(try await store.number(1).version == 1)
        #expect(try await store.changeCount() == 1)
        // The dry run used up no ids.
        let next = try await store.create("4322")
        #expect(next.number.id == 2 && next.change == 2)
    }

    @Test(arguments: Backend.allCases)
    func examplesAreTheFirstOfEachOutcome(backend: Backend) async throws {
        let store = try await backend.store()
        let values = (0..<120).map { "+55 84 91234-\(1000 + $0)" }
        _ = try await store.createNumbers(
            values.prefix(110).map { try NumberContent($0) }, onlyIfEmpty: true)
        // The last ten are new, and every second one of the others changes.
        let rows = values.enumerated().map { index, value in
            ImportRow.row(index + 2, value, setupPrice: index % 2 == 0 ? "3.40" : "1")
        }
        let report = try await store.importNumbers(.upsert, isDryRun: true, rows)
        let lines = Dictionary(grouping: report.examples, by: \.outcome).mapValues {
            $0.map(\.line)
        }
        let most = ImportReport.mostExamples
        #expect(lines[.created] == Array(112...121))
        #expect(lines[.unchanged] == (0..<most).map { 2 + 2 * $0 })
        #expect(lines[.changed] == (0..<most).map { 3 + 2 * $0 })
        #expect(report.examples.map(\.line) == report.examples.map(\.line).sorted())
    }

    @Test(arguments: Backend.shared)
    func writersDoNotWaitForADryRun(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        let pause = Pause()
        let rows = StagedRows(batchCount: 2) { index in
            if index == 1 { pause.reach() }
            return [.row(1 + index, "+55 84 91234-432\(1 + index)")]
        }
        async let dryRun = store.importNumbers(.upsert, isDryRun: true, by: .tester, rows)
        await pause.isReached()
        defer { pause.end() }
        // A write that waited for the dry run would be refused.
        try await store.create("4322")
        pause.end()
        // The dry run reports the inventory at its start.
        let report = try await dryRun
        #expect(report.created == 1)
        #expect(report.unchanged == 1)
        #expect(try await store.count() == 2)
    }

    @Test(arguments: Backend.allCases)
    func numbersMayExchangeTheirPhoneNumbers(backend: Backend) async throws {
        let store = try await backend.store()
        for digits in ["4321", "4322", "4323"] { try await store.create(digits) }
        let report = try await store.importNumbers(
            .update,
            [
                .row(1, "+55 84 91234-4322", id: 1), .row(2, "+55 84 91234-4321", id: 2),
                .row(3, "+55 84 91234-4399", id: 3),
            ])
        #expect(report.errors == [])
        #expect(report.changed == 3)
        func values() async throws -> [String] {
            try await store.listNumbers(NumberQuery()).elements.map {
                String($0.content.value.digits.suffix(2)) + "v\($0.version)"
            }
        }
        #expect(try await values() == ["22v2", "21v2", "99v2"])
        #expect(try await store.count(search: "4399") == 1)
        #expect(try await store.count(search: "4323") == 0)
        try await store.undo(report.change)
        #expect(try await values() == ["21v3", "22v3", "23v3"])
    }

    @Test(arguments: Backend.allCases)
    func reportsAllErrorsAndChangesNothing(backend: Backend) async throws {
        let store = try await backend.store()
        for digits in ["4321", "4322", "4323"] { try await store.create(digits) }
        let unreadable = ImportError(
            line: 2, error: FieldError(field: "currency", detail: "must not be empty"))
        let report = try await store.importNumbers(
            .upsert,
            [
                .row(1, "+55 84 91234-4399"), .invalid([unreadable, unreadable]),
                .row(3, "+55 84 91234-4323", id: 77), .row(4, "+55 84 9.1234.4399"),
                // Only the last row shows that no row frees this phone number.
                .row(5, "+55 84 91234-4322", id: 3),
                .row(6, "+55 84 91234-4321", id: 1), .row(7, "+55 84 91234-4321"), .row(8, nil),
                .row(9, "+55 84 91234-4388", monthyPrice: nil),
            ])
        #expect(report.rows == 9)
        #expect(report.errorCount == 8)
        #expect(report.change == nil)
        #expect(
            report.errors.map { "\($0.line) \($0.error.field ?? "") \($0.error.detail)" } == [
                "2 currency must not be empty", "2 currency must not be empty",
                "3 id does not exist in this inventory: leave out the ids",
                "4 value duplicates line 1",
                "5 value is already in the inventory as id 2",
                "7 value duplicates line 6",
                "8 value is required without an id", "9 monthyPrice is required",
            ])
        #expect(
            report.errors[2...].map { "\($0.number ?? "-") \($0.content ?? "-")" } == [
                "+55 84 91234-4323 77", "+55 84 91234-4399 +55 84 91234-4399",
                "+55 84 91234-4322 +55 84 91234-4322", "+55 84 91234-4321 +55 84 91234-4321",
                "- -", "+55 84 91234-4388 -",
            ])
        let few = try await store.importNumbers(
            .upsert, isDryRun: false, by: .tester,
            StagedRows(listedErrors: 1, batchCount: 1) { _ in
                [.row(1, "+55 84 91234-4322", id: 3), .row(2, nil)]
            })
        #expect(few.errors.map(\.line) == [1])
        #expect(few.errorCount == 2)
        #expect(try await store.count() == 3)
        #expect(try await store.changeCount() == 3)
    }

    private static let idOfNew =
        "id is for existing numbers, and the mode is create: leave out the ids, or use another mode"

    @Test(arguments: Backend.allCases)
    func modeDecidesWhichNumbersMayExist(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.create("4321")
        let (present, absent) = ("+5584912344321", "+12127365000")
        for (mode, value, id, error) in [
            (.create, present, nil, "value is already in the inventory as id 1"),
            (.create, absent, nil, nil),
            (.create, absent, 1, Self.idOfNew), (.create, absent, 5, Self.idOfNew),
            (.update, present, nil, nil), (.update, absent, nil, "value is not in the inventory"),
            (.update, absent, 5, "id does not exist in this inventory: leave out the ids"),
        ] as [(ImportMode, String, Int64?, String?)] {
            let report = try await store.importNumbers(
                mode, isDryRun: true, [.row(1, value, id: id)])
            let errors = report.errors.map { "\($0.error.field ?? "") \($0.error.detail)" }
            #expect(errors == [error].compactMap { $0 }, "\(mode) \(value)")
        }
    }

    @Test(arguments: Backend.allCases)
    func storedFormerNumberIsAcceptedForItselfOnly(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.createNumber(.former)
        func errors(_ mode: ImportMode, _ row: ImportRow) async throws -> [String] {
            try await store.importNumbers(mode, [row]).errors.map(\.error.detail)
        }
        for (mode, price) in [(ImportMode.update, "0.04"), (.upsert, "0.05")] {
            let row = ImportRow.row(1, "+229 95123456", monthyPrice: price)
            #expect(try await errors(mode, row) == [])
            let content = try await store.number(1).content
            #expect(content.monthyPrice.description == price)
            #expect(content.value == NumberContent.former.value)
        }
        #expect(try await errors(.update, .row(1, "+22995123456", id: 1)) == [])
        let reason = """
            is a former number: +229 95 12 34 57 has been +229 01 95 12 34 57 since November 2024
            """
        for mode in ImportMode.allCases {
            #expect(try await errors(mode, .row(1, "+22995123457")) == [reason])
        }
        #expect(try await errors(.upsert, .row(1, "+22995123457", id: 1)) == [reason])
        let deletion = try await store.deleteNumber(1, if: .always, by: .tester)
        try await store.undo(deletion.change)
        #expect(try await store.number(1).content.value == NumberContent.former.value)
    }

    @Test(arguments: Backend.allCases)
    func cancelledImportChangesNothing(backend: Backend) async throws {
        let store = try await backend.store()
        let pause = Pause()
        let rows = StagedRows(batchCount: 1) { _ in
            pause.reach()
            return [.row(1, "+5584912344321")]
        }
        let task = Task {
            try await store.importNumbers(.create, isDryRun: false, by: .tester, rows)
        }
        await pause.isReached()
        task.cancel()
        pause.end()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await store.count() == 0)
        #expect(try await store.changeCount() == 0)
        let created = try await store.createNumber(try NumberContent("+5584912344321"))
        #expect(created.version == 1)
    }

    @Test(arguments: Backend.allCases)
    func listsTheFirst100Errors(backend: Backend) async throws {
        let store = try await backend.store()
        let rows = (1...250).map {
            ImportRow.invalid([
                ImportError(line: $0, error: FieldError(field: nil, detail: "is no row"))
            ])
        }
        let report = try await store.importNumbers(.create, rows)
        #expect(report.errorCount == 250)
        #expect(report.errors.map(\.line) == Array(1...100))
    }
}
