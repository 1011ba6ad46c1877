internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import NumberFiles
internal import SQLiteStore
internal import Synchronization

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import numbers from a file: all rows, or none if one has an error.",
        discussion: """
            CSV has a header line with the members in any order, and commas, semicolons or tabs. A row \
            belongs to the number with its digits, or with its id if the file has ids. In the history, the \
            author is carrier import.
            """)

    @Argument(help: "The file; - for standard input.") var file: String
    @Option(help: "csv, xlsx, ndjson or json; without it the file's name decides.")
    var format: FileFormat?
    @Option(help: "create new numbers, update existing ones, or upsert: do both.")
    var mode = ImportMode.create
    @Option(
        help: "The decimal separator of prices in a table: . or ,; without it the prices decide.")
    var decimal: CSVStyle.DecimalSeparator?
    @Option(help: "The sheet of a workbook (.xlsx); without it the first one.")
    var sheet: String?
    @Option(
        parsing: .unconditionalSingleValue,
        help: "Columns of a table that are not read, such as country,city.")
    var ignore: [String] = []
    @Option(
        parsing: .unconditionalSingleValue,
        help: "Columns with other names, and what they are, such as Preis:monthyPrice.")
    var assign: [String] = []
    @Option(
        help: "How many errors are listed, up to \(ImportReport.mostCounted).")
    var errors = ImportReport.mostErrors
    @Flag(help: "Only report what would happen.") var dryRun = false
    @Flag(help: "Create the inventory if there is none.") var create = false
    @Option(Settings.numberCheck) var numberCheck: String?
    @OptionGroup var idempotency: IdempotencyOptions
    @OptionGroup var database: DatabaseOptions

    private var fileFormat: FileFormat { format ?? FileFormat(fileName: file) }
    private var ignored: String { ignore.joined(separator: ",") }
    private var assigned: String { assign.joined(separator: ",") }

    func validate() throws {
        guard decimal == nil || fileFormat.isTable else {
            throw ValidationError("--decimal is for CSV and workbooks only.")
        }
        guard sheet == nil || fileFormat.isTable else {
            throw ValidationError("--sheet is for workbooks (.xlsx) only.")
        }
        guard ignore.isEmpty || fileFormat.isTable else {
            throw ValidationError("--ignore is for CSV and workbooks only.")
        }
        guard assign.isEmpty || fileFormat.isTable else {
            throw ValidationError("--assign is for CSV and workbooks only.")
        }
        do throws(InvalidValue) {
            _ = try ColumnAssignment.list(assigned)
        } catch {
            throw ValidationError("--assign \(error.reason).")
        }
        guard 0...ImportReport.mostCounted ~= errors else {
            throw ValidationError("--errors must be from 0 to \(ImportReport.mostCounted).")
        }
    }

    func run() async throws {
        let numberCheck = try Settings.numberCheck.value(numberCheck)
        let location = try database.location()
        var digest = RequestDigest(
            [
                "import", mode.rawValue, fileFormat.rawValue, decimal?.rawValue,
                numberCheck.rawValue,
            ] + (ignored.isEmpty ? [] : [ignored]) + (sheet.map { ["sheet", $0] } ?? [])
                + (assigned.isEmpty ? [] : ["assign", assigned]))
        let pieces = try read(&digest)
        // The name has a blank, so no user can have it.
        let author = Author(username: "carrier import", at: .now)
        let reader = ImportReader(
            pieces,
            try ImportOptions(
                format: fileFormat, mode: mode, isDryRun: dryRun, numberCheck: numberCheck,
                decimal: decimal, ignored: ImportOptions.names(in: ignored),
                assigned: ColumnAssignment.list(assigned), sheet: sheet, listedErrors: errors,
                naming: .flags),
            threads: ImportReader.threads())
        let bar = ProgressBar(total: pieces.byteCount)
        try await idempotency.printOutcome(
            of: digest, at: author.at, as: { summary(of: $0, reader) }
        ) { request in
            do {
                return try await location.withStore(creates: create && !dryRun) {
                    try await importAll(reader, bar, by: author, once: request, into: $0)
                }
            } catch is NoInventory where create {
                // A dry run creates no file, so it uses an empty inventory in memory.
                return try await importAll(
                    reader, bar, by: author, once: request, into: SQLiteStore())
            }
        }
    }

    /// Reads the whole file before the import begins: writers must not wait for a slow source.
    private func read(_ digest: inout RequestDigest) throws -> FilePieces {
        let input = file == "-" ? .standardInput : try OpenFile(file, O_RDONLY)
        var pieces = FilePieces()
        while let piece = try input.read() {
            piece.withUnsafeBytes { digest.update($0) }
            pieces.append(piece)
        }
        return pieces
    }

    private func importAll(
        _ reader: ImportReader, _ bar: ProgressBar, by author: Author,
        once request: IdempotentRequest<ImportReport>?, into store: any ChangeStore
    ) async throws -> ImportReport {
        let shown = Mutex(0)
        do {
            let rows = try await reader.readRows { count in
                shown.withLock { shown in
                    if shown < count { bar.show(count) }
                    shown = max(shown, count)
                }
            }
            let report = try await store.importNumbers(
                mode, isDryRun: dryRun || rows.hasErrors, by: author, once: request, rows)
            guard report.errorCount == 0 else { throw CommandFailure(report) }
            return report
        } catch let error as UnreadableFile {
            let name = file == "-" ? "Standard input" : file
            throw CommandFailure("\(name) \(error.reason). Nothing was imported.")
        }
    }

    private func summary(of report: ImportReport, _ reader: ImportReader) -> String {
        let form = reader.form
        let counts =
            "\(report.created) created, \(report.changed) changed, \(report.unchanged) unchanged"
        let found = decimal == nil ? form.decimal : nil
        let end = found.map { " Prices read with a \($0.name)." } ?? ""
        let separator = form.separator.map { " Cells separated by \($0.name)." } ?? ""
        let change = report.change.map { " This is change \($0)." } ?? ""
        let first =
            dryRun
            ? "Nothing was done. Of \(report.rows) rows would be: \(counts).\(separator)\(end)"
            : "Imported \(report.rows) rows: \(counts).\(change)\(end)"
        return ([first] + form.notes + report.examples.prefix(20).map(\.text)).joined(
            separator: "\n")
    }
}

extension ImportError {
    fileprivate var text: String {
        let isOfValue = error.field == NumberContent.Member.value.rawValue
        let row = isOfValue ? nil : number.map { ", \($0)" }
        let cell = content.map { " \"\($0)\"" } ?? ""
        return "Line \(line)\(row ?? ""): \(error.field ?? "the row")\(cell) \(error.detail)"
    }
}

extension ImportExample {
    fileprivate var text: String {
        let members = NumberContent.Member.allCases.map { member in
            let (old, new) = (before?.text(of: member), after.text(of: member))
            return old == nil || old == new ? new : "\(old ?? "") -> \(new)"
        }
        return
            "Line \(line), \(outcome == .created ? "new" : outcome.rawValue): "
            + members.joined(separator: ", ")
    }
}

extension ImportMode: ExpressibleByArgument {}

extension CommandFailure {
    fileprivate init(_ report: ImportReport) {
        let lines = report.errors.map(\.text)
        let beginning = "Nothing was imported: the file has \(report.errorCountText)."
        // No lines were requested.
        let rest = lines.isEmpty ? [] : lines.orMore(of: report.errorCount)
        self.init(([beginning] + rest).joined(separator: "\n"))
    }
}
