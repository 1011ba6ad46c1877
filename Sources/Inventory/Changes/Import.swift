/// A file's numbers on their way into the inventory.
struct Import<Target: ChangeTransaction> {
    private let target: Target
    private let mode: ImportMode
    private let isDryRun: Bool
    private(set) var report = ImportReport()
    /// Whether all rows were read.
    private var isRead = false
    /// In which line each number stands that was there before.
    private var linesByID: [Int64: Int32] = [:]
    /// In which line each phone number stands, as an integer, which takes half of the memory.
    private var linesByDigits: [Int64: Int32] = [:]
    /// The numbers that get another phone number, so that theirs can be taken.
    private var renumbered: Set<Int64> = []
    private var takings: [Taking] = []

    init(into target: Target, _ mode: ImportMode, isDryRun: Bool) {
        self.target = target
        self.mode = mode
        self.isDryRun = isDryRun
    }

    /// Stages what becomes of the numbers of some rows, as long as no row has an error.
    mutating func take(_ rows: [ImportRow]) throws {
        let present = try Present(rows, in: target)
        var created: [NumberContent] = []
        var changed: [ChangedNumber] = []
        for row in rows where report.stoppedAtLine == nil {
            report.rows += 1
            switch row {
            case .faulty(let line, let errors):
                for error in errors { note(line, error) }
            case .number(let line, let id, let patch):
                guard let place = place(of: patch, id, line, in: present),
                    let content = content(of: patch, at: place, line),
                    claim(content.value, of: place.number, line, in: present)
                else { continue }
                if place.number?.content == content {
                    report.unchanged += 1
                } else if let number = place.number {
                    changed.append(.changed(number, to: content))
                } else {
                    created.append(content)
                }
            }
        }
        report.created += created.count
        report.changed += changed.count
        if report.errorCount == 0, !isDryRun { try stage(created, changed) }
    }

    private func stage(_ created: [NumberContent], _ changed: [ChangedNumber]) throws {
        guard !created.isEmpty || !changed.isEmpty else { return }
        let new = zip(try target.newNumberIDs(created.count), created).map { id, content in
            ChangedNumber.created(DIDNumber(id: id, content: content))
        }
        try target.stage(changed + new)
    }

    /// Finds what can be found only when all rows have been taken.
    mutating func finish() {
        guard report.stoppedAtLine == nil else { return }
        isRead = true
        for taking in takings where !renumbered.contains(taking.holder) {
            note(taking.line, Self.isThere(id: taking.holder))
        }
    }
}

/// A row that gives a number the phone number that another one had before.
private struct Taking {
    let line: Int
    let holder: Int64
}

/// Where a row goes: to a number that is there, or a new one.
private struct Place {
    let number: DIDNumber?
}

extension Import {
    /// Returns nil where there is none, which is noted.
    private mutating func place(
        of patch: NumberPatch, _ id: Int64?, _ line: Int, in present: Present
    ) -> Place? {
        if let id {
            guard let number = present.byID[id] else {
                note(line, FieldError(field: "id", detail: "is no number's in the inventory"))
                return nil
            }
            guard mode != .create else {
                note(
                    line, FieldError(field: "id", detail: "is a number's in the inventory already"))
                return nil
            }
            return Place(number: number)
        }
        guard let value = patch.value else {
            note(line, FieldError(field: "value", detail: "is required where there is no id"))
            return nil
        }
        let number = present.byDigits[value.digits]
        if number == nil, let refusal = patch.valueRefusal {
            note(line, .value(refusal))
            return nil
        }
        switch (mode, number) {
        case (.create, let number?):
            note(line, Self.isThere(id: number.id))
            return nil
        case (.update, nil):
            note(line, FieldError(field: "value", detail: "is not in the inventory"))
            return nil
        default: return Place(number: number)
        }
    }

    /// What the number has then; nil where members are missing, which is noted.
    private mutating func content(
        of patch: NumberPatch, at place: Place, _ line: Int
    ) -> NumberContent? {
        do throws(InventoryError) {
            guard var content = place.number?.content else { return try NumberContent(patch) }
            try content.apply(patch)
            return content
        } catch {
            for error in error.fieldErrors { note(line, error) }
            return nil
        }
    }

    private static func isThere(id: Int64) -> FieldError {
        FieldError(field: "value", detail: "is already in the inventory as id \(id)")
    }

    /// Whether no row before has the same number or phone number, else it is noted.
    private mutating func claim(
        _ value: PhoneNumber, of number: DIDNumber?, _ line: Int, in present: Present
    ) -> Bool {
        if let number, number.content.value.digits != value.digits {
            renumbered.insert(number.id)
            if let holder = present.byDigits[value.digits] {
                takings.append(Taking(line: line, holder: holder.id))
            }
        }
        let place = Int32(clamping: line)
        let others = [
            number.flatMap { linesByID.updateValue(place, forKey: $0.id) },
            Int64(value.digits).flatMap { linesByDigits.updateValue(place, forKey: $0) },
        ]
        guard let other = others.compactMap({ $0 }).first else { return true }
        note(
            line, FieldError(field: "value", detail: "is the number of line \(other) a second time")
        )
        return false
    }

    private mutating func note(_ line: Int, _ error: FieldError) {
        guard report.errorCount < ImportReport.mostCounted else { return }
        report.errorCount += 1
        if report.errorCount == ImportReport.mostCounted, !isRead { report.stoppedAtLine = line }
        guard report.errors.count < ImportReport.mostErrors else { return }
        report.errors.append(ImportError(line: line, error: error))
    }
}

/// The numbers that are there already, of those that some rows speak of.
private struct Present {
    let byID: [Int64: DIDNumber]
    /// Not those whose row has their id as well.
    let byDigits: [String: DIDNumber]

    init(_ rows: [ImportRow], in target: some ChangeTransaction) throws {
        var (ids, digits) = ([Int64](), [String]())
        for case .number(_, let id?, _) in rows { ids.append(id) }
        byID = Dictionary(
            try target.numbers(withIDs: ids).map { ($0.id, $0) },
            uniquingKeysWith: { one, _ in one })
        for case .number(_, let id, let patch) in rows {
            guard let value = patch.value else { continue }
            if let id, byID[id]?.content.value.digits == value.digits { continue }
            digits.append(value.digits)
        }
        byDigits = Dictionary(
            try target.numbers(withDigits: digits).map { ($0.content.value.digits, $0) },
            uniquingKeysWith: { one, _ in one })
    }
}

/// An import that is refused, and whose transaction must be rolled back.
package struct NothingImported: Error {
    package let report: ImportReport
}

extension ChangeTransaction {
    /// Imports all rows: see ``ChangeStore/importNumbers(_:isDryRun:by:once:_:)``.
    ///
    /// - Throws: ``NothingImported`` if a row has an error, and `CancellationError`.
    package func importNumbers(
        _ mode: ImportMode, by author: Author, _ rows: StagedRows, _ cancellation: Cancellation
    ) throws -> ImportReport {
        var report = try report(on: rows, mode, isDryRun: false, cancellation)
        let count = report.created + report.changed
        guard report.errorCount == 0 else { throw NothingImported(report: report) }
        guard count > 0 else { return report }
        report.change = try performStaged(count, as: .import, by: author).id
        return report
    }

    /// What taking in all rows would do to the inventory as it is; nothing is written.
    ///
    /// - Throws: `CancellationError`.
    package func previewImport(
        _ mode: ImportMode, _ rows: StagedRows, _ cancellation: Cancellation
    ) throws -> ImportReport {
        try report(on: rows, mode, isDryRun: true, cancellation)
    }

    private func report(
        on rows: StagedRows, _ mode: ImportMode, isDryRun: Bool, _ cancellation: Cancellation
    ) throws -> ImportReport {
        var load = Import(into: self, mode, isDryRun: isDryRun)
        for batch in rows where load.report.stoppedAtLine == nil {
            try cancellation.check()
            try load.take(batch)
        }
        try cancellation.check()
        load.finish()
        return load.report
    }
}
