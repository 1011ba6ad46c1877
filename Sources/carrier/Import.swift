internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import NumberFiles
internal import SQLiteStore
internal import Synchronization

/// Takes in numbers from a file: `carrier import`.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in numbers from a file: all rows, or none where one has a fault.",
        discussion: """
            CSV has a header line that names the members, in any order; it is separated by commas or \
            semicolons. A number is known by its digits, or by its id where the file has ids. The history \
            calls the author of the change "carrier import", which is no user's name.
            """)

    @Argument(help: "The file; - for standard input.")
    var file: String

    @Option(help: "csv, ndjson or json; without it the file's name decides.")
    var format: FileFormat?

    @Option(help: "create new numbers, update those that are there, or upsert: do both.")
    var mode = ImportMode.create

    @Flag(help: "Only tell what would happen.")
    var dryRun = false

    @Flag(help: "Create the inventory if there is none.")
    var create = false

    @Option(Settings.numberCheck) var numberCheck: String?

    @OptionGroup var database: DatabaseOptions

    /// A name with a blank, so that no user has it.
    private static let author = "carrier import"

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let numberCheck = try Settings.numberCheck.value(numberCheck, environment: environment)
        let location = try database.location(environment: environment)
        let pieces = try read()
        let report: ImportReport
        do {
            report = try await location.withStore(creates: create && !dryRun) {
                try await take(pieces, numberCheck, into: $0)
            }
        } catch is NoInventory where create {
            // A dry run creates nothing.
            report = try await take(pieces, numberCheck, into: SQLiteStore())
        }
        guard report.faultCount == 0 else { throw Faults(report: report) }
        print(sentence(report))
    }

    /// All of the file: who writes numbers would have to wait for what brings it.
    private func read() throws -> FilePieces {
        let input = try InputFile(file)
        var pieces = FilePieces()
        while let piece = try input.read() { pieces.append(piece) }
        return pieces
    }

    private func take(
        _ pieces: FilePieces, _ numberCheck: NumberCheck, into store: any ChangeStore
    ) async throws -> ImportReport {
        let bar = ProgressBar(total: pieces.byteCount)
        let rows = ImportReader(
            pieces, format ?? FileFormat(fileName: file), mode: mode, numberCheck: numberCheck,
            threads: ImportReader.threads())
        let shown = Mutex(0)
        do {
            return try await store.importNumbers(
                mode, isDryRun: dryRun, by: Author(username: Self.author, at: .now)
            ) {
                let next = try rows.next()
                let count = rows.readCount
                shown.withLock { shown in
                    if shown != count { bar.show(count) }
                    shown = count
                }
                return next
            }
        } catch let error as UnreadableFile {
            throw UnreadableFileError(file: file, reason: error.reason)
        }
    }

    private func sentence(_ report: ImportReport) -> String {
        let deeds =
            "\(report.created) created, \(report.changed) changed, \(report.unchanged) unchanged"
        if dryRun { return "Nothing was done. Of \(report.rows) rows would be: \(deeds)." }
        let change = report.change.map { " This is change \($0)." } ?? ""
        return "Imported \(report.rows) rows: \(deeds).\(change)"
    }
}

extension ImportMode: ExpressibleByArgument {}

/// What is wrong with the rows of a file, a line for each.
private struct Faults: Error, CustomStringConvertible {
    let report: ImportReport

    var description: String {
        let lines = report.faults.map { fault in
            "Line \(fault.line): \(fault.fault.field ?? "the row") \(fault.fault.detail)"
        }
        let rest = report.faultCount - lines.count
        let count = report.faultCount == 1 ? "a fault" : "\(report.faultCount) faults"
        let beginning = "Nothing was imported: the file has \(count)."
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
