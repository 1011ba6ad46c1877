/// What errors say about a row.
private struct Row {
    let line: Int
    let id: Int64?
    let number: String?

    func error(_ error: FieldError) -> ImportError {
        let number = number?.shortened
        let content =
            switch error.field {
            case "value": number
            case "id": id.map { String($0) }
            default: String?.none
            }
        return ImportError(line: line, error: error, number: number, content: content)
    }
}

private struct Import<Target: ChangeTransaction> {
    let target: Target
    let mode: ImportMode
    let isDryRun: Bool
    let listedErrors: Int
    let idAdvice: String
    var report = ImportReport()
    var isComplete = false
    var linesByID: [Int64: Int32] = [:]
    /// The lines of phone numbers. Integers take half as much memory as texts.
    var linesByDigits: [Int64: Int32] = [:]
    /// The numbers whose phone number changes, so that other rows can use the old one.
    var renumbered: Set<Int64> = []
    /// The rows that give a number the phone number of another one, `holder`.
    var moves: [(row: Row, holder: Int64)] = []

    /// Stages the changes of some rows, unless a row so far has an error.
    mutating func add(_ rows: [ImportRow]) throws {
        let existing = try ExistingNumbers(of: rows, in: target)
        var created: [NumberContent] = []
        var changed: [ChangedNumber] = []
        for row in rows where report.stoppedAtLine == nil {
            report.rows += 1
            switch row {
            case .invalid(let errors): note(errors)
            case .number(let line, let id, let patch, let written):
                let row = Row(
                    line: line, id: id, number: written ?? patch.value?.formatted)
                do throws(InventoryError) {
                    let number = try number(of: patch, id, in: existing)
                    let content = try Self.content(of: number, patch)
                    try claim(content.value, for: number, row, in: existing)
                    let earlier: Int
                    if number?.content == content {
                        earlier = report.unchanged
                        report.unchanged += 1
                    } else if let number {
                        earlier = report.changed + changed.count
                        changed.append(.changed(number, to: content))
                    } else {
                        earlier = report.created + created.count
                        created.append(content)
                    }
                    if isDryRun, earlier < ImportReport.mostExamples {
                        report.examples.append(
                            ImportExample(line: line, before: number?.content, after: content))
                    }
                } catch {
                    note(error.fieldErrors.map(row.error))
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

    /// Finds the errors that depend on all rows.
    mutating func finish() {
        guard report.stoppedAtLine == nil else { return }
        isComplete = true
        let earlier = report.errors
        report.errors = []
        for move in moves where !renumbered.contains(move.holder) {
            note(Self.exists(id: move.holder).fieldErrors.map(move.row.error))
        }
        let errors = (earlier + report.errors).enumerated().sorted { one, other in
            (one.element.line, one.offset) < (other.element.line, other.offset)
        }
        report.errors = Array(errors.lazy.map(\.element).prefix(listedErrors))
    }

    private mutating func note(_ errors: [ImportError]) {
        for error in errors where report.errorCount < ImportReport.mostCounted {
            report.errorCount += 1
            if report.errorCount == ImportReport.mostCounted, !isComplete {
                report.stoppedAtLine = error.line
            }
            guard report.errors.count < listedErrors else { continue }
            report.errors.append(error)
        }
    }
}

extension Import {
    /// The existing number that a row changes; nil for a new one.
    private func number(
        of patch: NumberPatch, _ id: Int64?, in existing: ExistingNumbers
    ) throws(InventoryError) -> DIDNumber? {
        if let id {
            guard mode != .create else {
                throw .invalid(
                    "id",
                    "is for existing numbers, and the mode is create: \(idAdvice), or use another mode"
                )
            }
            guard let number = existing.byID[id] else {
                throw .invalid("id", "does not exist in this inventory: \(idAdvice)")
            }
            return number
        }
        guard let value = patch.value else {
            throw .invalid("value", "is required without an id")
        }
        guard let number = existing.byDigits[value.digits] else {
            if let error = patch.valueError { throw .invalid([.value(error)]) }
            if mode == .update { throw .invalid("value", "is not in the inventory") }
            return nil
        }
        if mode == .create { throw Self.exists(id: number.id) }
        return number
    }

    private static func content(
        of number: DIDNumber?, _ patch: NumberPatch
    ) throws(InventoryError) -> NumberContent {
        guard var content = number?.content else { return try NumberContent(patch) }
        try content.apply(patch)
        return content
    }

    /// - Throws: ``InventoryError/invalid(_:)`` if an earlier row has the same number or phone number.
    private mutating func claim(
        _ value: PhoneNumber, for number: DIDNumber?, _ row: Row, in existing: ExistingNumbers
    ) throws(InventoryError) {
        if let number, number.content.value.digits != value.digits {
            renumbered.insert(number.id)
            if let holder = existing.byDigits[value.digits] {
                moves.append((row, holder.id))
            }
        }
        let line = Int32(clamping: row.line)
        let sameNumber = number.flatMap { linesByID.updateValue(line, forKey: $0.id) }
        let sameDigits = Int64(value.digits).flatMap {
            linesByDigits.updateValue(line, forKey: $0)
        }
        if let other = sameNumber ?? sameDigits {
            throw .invalid("value", "duplicates line \(other)")
        }
    }

    private static func exists(id: Int64) -> InventoryError {
        .invalid("value", "is already in the inventory as id \(id)")
    }
}

private struct ExistingNumbers {
    let byID: [Int64: DIDNumber]
    /// By phone number, without the numbers whose row also has their id: those are in ``byID``.
    let byDigits: [String: DIDNumber]

    init(of rows: [ImportRow], in target: some ChangeTransaction) throws {
        var (ids, digits) = ([Int64](), [String]())
        for case .number(_, let id?, _, _) in rows { ids.append(id) }
        byID = try target.numbers(withIDs: ids).reduce(into: [:]) { $0[$1.id] = $1 }
        for case .number(_, let id, let patch, _) in rows {
            guard let value = patch.value else { continue }
            if let id, byID[id]?.content.value.digits == value.digits { continue }
            digits.append(value.digits)
        }
        byDigits = try target.numbers(withDigits: digits).reduce(into: [:]) { numbers, number in
            numbers[number.content.value.digits] = number
        }
    }
}

/// The rows have errors. The store rolls the transaction back.
package struct NothingImported: Error {
    package let report: ImportReport
}

extension ChangeTransaction {
    /// - Throws: ``NothingImported`` if a row has an error, except in a dry run, and
    ///   `CancellationError`.
    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author, _ rows: StagedRows,
        _ cancellation: Cancellation
    ) throws -> ImportReport {
        var load = Import(
            target: self, mode: mode, isDryRun: isDryRun, listedErrors: rows.listedErrors,
            idAdvice: rows.idAdvice)
        for batch in rows where load.report.stoppedAtLine == nil {
            try cancellation.check()
            try load.add(batch)
        }
        try cancellation.check()
        load.finish()
        var report = load.report
        guard !isDryRun else { return report }
        guard report.errorCount == 0 else { throw NothingImported(report: report) }
        let count = report.created + report.changed
        if count > 0 { report.change = try performStaged(count, as: .import, by: author).id }
        return report
    }
}
