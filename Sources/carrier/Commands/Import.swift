internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import NumberFiles
internal import SQLiteStore
internal import Synchronization

/// Imports numbers from a file: `carrier import`.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in numbers from a file: all rows, or none where one has an error.",
        discussion: """
            CSV has a header line that names the members, in any order; it is separated by commas or \
            semicolons. A number is known by its digits, or by its id where the file has ids. The history \
            calls the author of the change "carrier import", which is no user's name.
            """)

    @Argument(help: "The file; - for standard input.")
    var file: String

    @Option(help: "csv, ndjson or json; without it the file's name decides.")
    var format: FileFormat?

    @Option(help: "create new numbers, update existing ones, or upsert: do both.")
    var mode = ImportMode.create

    @Option(help: "The decimal separator of prices in CSV: . or ,; without it the prices decide.")
    var decimal: CSVStyle.DecimalSeparator?

    @Flag(help: "Only report what would happen.")
    var dryRun = false

    @Flag(help: "Create the inventory if there is none.")
    var create = false

    @Option(Settings.numberCheck) var numberCheck: String?

    @OptionGroup var idempotency: IdempotencyOptions
    @OptionGroup var database: DatabaseOptions

    /// A name with a blank, so that no user has it.
    private static let author = "carrier import"

    private var fileFormat: FileFormat { format ?? FileFormat(fileName: file) }

    func validate() throws {
        guard decimal == nil || fileFormat == .csv else {
            throw ValidationError("--decimal is for CSV only.")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let numberCheck = try Settings.numberCheck.value(numberCheck, environment: environment)
        let location = try database.location(environment: environment)
        var digest = RequestDigest([
            "import", mode.rawValue, fileFormat.rawValue, decimal?.rawValue,
            numberCheck.rawValue,
        ])
        let pieces = try read(&digest)
        let author = Author(username: Self.author, at: .now)
        let reader = ImportReader(
            pieces, fileFormat, mode: mode, numberCheck: numberCheck, decimal: decimal,
            threads: ImportReader.threads())
        let request = try idempotency.request(by: author, digest) { sentence($0, reader) }
        let bar = ProgressBar(total: pieces.byteCount)
        let text: String
        do {
            text = try await location.withStore(creates: create && !dryRun) {
                try await importAll(reader, bar, by: author, once: request, into: $0)
            }
        } catch is NoInventory where create {
            // A dry run creates nothing.
            text = try await importAll(reader, bar, by: author, once: request, into: SQLiteStore())
        }
        print(text)
    }

    /// Reads the whole file before the import begins: writers must not wait for a slow source.
    private func read(_ digest: inout RequestDigest) throws -> FilePieces {
        let input = try InputFile(file)
        var pieces = FilePieces()
        while let piece = try input.read() {
            piece.withUnsafeBytes { digest.update($0) }
            pieces.append(piece)
        }
        return pieces
    }

    /// Imports all rows, and returns what to print.
    private func importAll(
        _ reader: ImportReader, _ bar: ProgressBar, by author: Author,
        once request: IdempotentRequest<ImportReport>?, into store: any ChangeStore
    ) async throws -> String {
        let shown = Mutex(0)
        return try await IdempotencyOptions.text {
            do {
                let rows = try await reader.readRows { count in
                    shown.withLock { shown in
                        if shown < count { bar.show(count) }
                        shown = max(shown, count)
                    }
                }
                let report = try await store.importNumbers(
                    mode, isDryRun: dryRun || rows.hasErrors, by: author, once: request, rows)
                guard report.errorCount == 0 else { throw Faults(report: report) }
                return sentence(report, reader)
            } catch let error as UnreadableFile {
                throw UnreadableFileError(file: file, reason: error.reason)
            }
        }
    }

    private func sentence(_ report: ImportReport, _ reader: ImportReader) -> String {
        let deeds =
            "\(report.created) created, \(report.changed) changed, \(report.unchanged) unchanged"
        let reading = decimal == nil ? reader.decimal : nil
        let end = reading.map { " Prices read with a \($0.name)." } ?? ""
        if dryRun { return "Nothing was done. Of \(report.rows) rows would be: \(deeds).\(end)" }
        let change = report.change.map { " This is change \($0)." } ?? ""
        return "Imported \(report.rows) rows: \(deeds).\(change)\(end)"
    }
}

extension ImportMode: ExpressibleByArgument {}

/// What is wrong with the rows of a file, a line for each.
private struct Faults: Error, CustomStringConvertible {
    let report: ImportReport

    var description: String {
        let lines = report.errors.map { error in
            "Line \(error.line): \(error.error.field ?? "the row") \(error.error.detail)"
        }
        let rest = report.errorCount - lines.count
        let beginning = "Nothing was imported: the file has \(report.errorCountText)."
        let end = rest > 0 ? ["… and \(rest) more"] : []
        return ([beginning] + lines + end).joined(separator: "\n")
    }
}

private struct UnreadableFileError: Error, CustomStringConvertible {
    let file: String
    let reason: String

    var description: String {
        "\(file == "-" ? "Standard input" : file) \(reason). Nothing was imported."
    }
}
