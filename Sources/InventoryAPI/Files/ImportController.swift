internal import HTTPServer
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging
internal import NumberFiles
internal import Threads

/// Imports files of numbers: `/api/v1/numbers/import`.
struct ImportController {
    let store: any ChangeStore
    let numberCheck: NumberCheck

    /// How many rows a file may have: the import keeps their line numbers in memory.
    private static let mostRows = 1_000_000

    private static let mostAtOnce = 1

    /// How long an uploaded file waits for the end of another import, which may take longer.
    private static let longestWait = Duration.seconds(5)

    /// How many bytes the files of all unfinished imports may have. A slow client reserves only the
    /// bytes that it has sent.
    private static let mostArrivingBytes = 128 * 1024 * 1024

    private let running = Quota(mostAtOnce)
    private let arrivals = Quota(mostArrivingBytes)
    private let threads = ImportReader.threads()

    func create(_ request: Request, context: UserContext) async throws -> Response {
        let options = try ImportOptions(request, numberCheck)
        let file = try await file(of: request)
        defer { arrivals.release(file.byteCount) }
        let reader = ImportReader(file, options, mostRows: Self.mostRows, threads: threads)
        let response = { @Sendable (report: ImportReport) in
            ChangeResponse(
                status: 200, change: report.change,
                body: JSONValue.object(report.members(reader.form, isDryRun: options.isDryRun)).text
            )
        }
        return try await context.request.channel.untilClientLeaves {
            guard !options.isDryRun else {
                return Response(response(try await report(reader, options, context, nil)))
            }
            return try await context.respond(response) { once in
                try await report(reader, options, context, once)
            }
        }
    }

    /// Reads the whole body before the import, so that a slow client does not block other writes.
    private func file(of request: Request) async throws -> FilePieces {
        var file = FilePieces()
        do {
            for try await piece in request.body {
                guard arrivals.reserve(piece.readableBytes) else {
                    throw Problem.busy("Too many files are arriving just now")
                }
                file.append(piece.readableBytesView)
            }
            return file
        } catch {
            arrivals.release(file.byteCount)
            throw error
        }
    }

    /// Imports the file, or only checks it; throws ``Problem`` if it has errors.
    private func report(
        _ reader: ImportReader, _ options: ImportOptions, _ context: UserContext,
        _ once: IdempotentRequest<ImportReport>?
    ) async throws -> ImportReport {
        guard try await Self.longestWait.wait(until: { running.reserve(1) }) else {
            throw Problem.busy("Another file is being imported just now")
        }
        defer { running.release(1) }
        do {
            let rows = try await reader.readRows()
            let report = try await store.importNumbers(
                options.mode, isDryRun: options.isDryRun || rows.hasErrors, by: context.author,
                once: once, rows)
            guard report.errorCount == 0 else {
                throw Problem(
                    report, members: report.members(reader.form, isDryRun: options.isDryRun))
            }
            if !options.isDryRun { context.audit("numbers imported", report.metadata) }
            return report
        } catch let error as UnreadableFile {
            throw Problem(.malformedBody, "The file \(error.reason).")
        }
    }
}

extension ImportOptions {
    fileprivate init(_ request: Request, _ numberCheck: NumberCheck) throws {
        let type = try request.checkContentType(FileFormat.mediaTypes)
        let format = FileFormat(mediaType: type) ?? .csv
        let names = [
            "mode", "dryRun", "decimal", "ignore", "assign", "errors", "sheet", "correct", "skip",
        ]
        (_, self) = try request.parameters(names) { parameters in
            let decimal = parameters.choice("decimal", of: CSVStyle.DecimalSeparator.allCases)
            let ignored = parameters.read("ignore") { text throws(InvalidValue) in
                ImportOptions.names(in: text)
            }
            let assigned = parameters.read("assign", ColumnAssignment.list)
            let corrections = RowCorrections(
                cells: parameters.read("correct", RowCorrections.cells) ?? [:],
                skipped: parameters.read("skip", RowCorrections.lines) ?? [])
            // A form sends a blank value for an empty field.
            let sheet = parameters.read("sheet") { $0 }.flatMap { $0.isEmpty ? nil : $0 }
            if !format.isTable {
                if sheet != nil { parameters.note("sheet", "is for workbooks only") }
                for (name, isGiven) in [
                    ("decimal", decimal != nil), ("ignore", ignored != nil),
                    ("assign", assigned != nil),
                ] where isGiven {
                    parameters.note(name, "is for CSV and workbooks only")
                }
            }
            let options = ImportOptions(
                format: format,
                // The default mode changes no existing numbers.
                mode: parameters.choice("mode", of: ImportMode.allCases) ?? .create,
                isDryRun: parameters.flag("dryRun"), numberCheck: numberCheck, decimal: decimal,
                ignored: ignored ?? [], assigned: assigned ?? [], corrections: corrections,
                sheet: sheet,
                listedErrors: parameters.read("errors", Self.listedErrors)
                    ?? ImportReport.mostErrors)
            if let name = options.ignoredCorrection {
                parameters.note("correct", "corrects \(name), and ignore leaves out its column")
            }
            return options
        }
    }

    private static func listedErrors(_ text: String) throws(InvalidValue) -> Int {
        guard text.isOfDigits, let count = Int(text),
            0...ImportReport.mostCounted ~= count
        else {
            throw InvalidValue("must be a whole number from 0 to \(ImportReport.mostCounted)")
        }
        return count
    }
}

extension ImportReport {
    fileprivate var metadata: Logger.Metadata {
        [
            "change": .stringConvertible(change ?? 0), "rows": .stringConvertible(rows),
            "created": .stringConvertible(created), "changed": .stringConvertible(changed),
        ]
    }

    fileprivate func members(_ form: FileForm, isDryRun: Bool) -> JSONMembers {
        let text = { (text: String?) in text.map { JSONValue.string($0) } ?? .null }
        let list = { (texts: [String]) in JSONValue.array(texts.map { .string($0) }) }
        let optional: [(String, JSONValue?)] = [
            ("examples", isDryRun ? .array(examples.map(\.json)) : nil),
            ("stoppedAtLine", stoppedAtLine.map { .number($0) }),
        ]
        return [
            ("rows", .number(rows)), ("created", .number(created)), ("changed", .number(changed)),
            ("unchanged", .number(unchanged)), ("errorCount", .number(errorCount)),
            ("errors", .array(errors.map(\.json))), ("decimal", text(form.decimal?.rawValue)),
            ("separator", text(form.separator?.rawValue)),
            ("encoding", text(form.encoding?.rawValue)), ("ignored", list(form.ignored)),
            ("unknown", list(form.unknown)), ("notes", list(form.notes)),
        ] + optional.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension ImportError {
    fileprivate var json: JSONValue {
        let cells = [("number", number), ("content", content)].compactMap { name, text in
            text.map { (name, JSONValue.string($0)) }
        }
        return .object(
            [
                ("line", .number(line)), ("pointer", .string(error.pointer)),
                ("detail", .string(error.detail)),
            ] + cells)
    }
}

extension ImportExample {
    fileprivate var json: JSONValue {
        .object([
            ("line", .number(line)), ("outcome", .string(outcome.rawValue)),
            ("before", before?.json ?? .null), ("after", after.json),
        ])
    }
}

extension Problem {
    fileprivate init(_ report: ImportReport, members: JSONMembers) {
        var detail = "Nothing was imported: the file has \(report.errorCountText)"
        if let first = report.errors.first {
            detail += """
                , the first in line \(first.line): \(first.error.field ?? "the row") \(first.error.detail)
                """
        }
        self.init(
            .validationFailed, detail + (detail.hasSuffix("?") ? "" : "."), members: members)
    }
}
