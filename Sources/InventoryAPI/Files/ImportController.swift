internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging
internal import NumberFiles
internal import Synchronization
internal import Threads

/// Many numbers that are taken in from a file: `/api/v1/numbers/import`.
struct ImportController {
    let store: any ChangeStore
    let numberCheck: NumberCheck

    static let path = "/api/v1/numbers/import"

    /// How many rows a file may have: the lines of all of them are kept until the last was taken.
    private static let mostRows = 1_000_000

    /// How many files are taken in at once.
    private static let mostAtOnce = 1

    /// How long a file that is there waits for those before it: a large one takes longer.
    private static let longestWait = Duration.seconds(5)

    /// How many bytes of files may have arrived whose imports have not ended.
    ///
    /// A client that sends slowly takes what it has sent so far from others, and no more.
    private static let mostArrivingBytes = 128 * 1024 * 1024

    private let places = Room(mostAtOnce)
    private let arrivals = Room(mostArrivingBytes)
    private let threads: BlockingThreadPool

    init(store: any ChangeStore, numberCheck: NumberCheck) {
        self.store = store
        self.numberCheck = numberCheck
        threads = ImportReader.threads()
    }

    func addRoutes(supervisors: some RouterMethods<SupervisorContext>) {
        supervisors.post("numbers/import", use: importNumbers)
    }

    @Sendable func importNumbers(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let options = try ImportOptions(request)
        let file = try await file(of: request)
        defer { arrivals.giveBack(file.byteCount) }
        return try await context.channel.untilClientLeaves {
            guard !options.isDryRun else {
                return Response(try await response(to: file, options, context, nil))
            }
            return try await context.respond { keyed in
                try await response(to: file, options, context, keyed)
            }
        }
    }

    /// The body, which takes up room among the arrivals.
    ///
    /// Nothing is done before all of it has arrived, so that a client that is slow keeps nobody
    /// else from writing.
    private func file(of request: Request) async throws -> FilePieces {
        var file = FilePieces()
        do {
            try await request.readBody(atMost: Request.largestFile) { piece in
                guard arrivals.take(piece.readableBytes) else {
                    throw Problem.busy("Too many files are arriving just now")
                }
                file.append(piece.readableBytesView)
            }
            return file
        } catch {
            arrivals.giveBack(file.byteCount)
            throw error
        }
    }

    /// Imports the file, or only checks it.
    ///
    /// - Throws: ``Problem`` if the file has errors.
    private func response(
        to file: FilePieces, _ options: ImportOptions, _ context: SupervisorContext,
        _ keyed: KeyedRequest?
    ) async throws -> ChangeResponse {
        try await takePlace()
        defer { places.giveBack(1) }
        let reader = ImportReader(
            file, options.format, mode: options.mode, numberCheck: numberCheck,
            decimal: options.decimal, mostRows: Self.mostRows, threads: threads)
        let response = { @Sendable report in ChangeResponse(report, decimal: reader.decimal) }
        do {
            let rows = try await reader.readRows()
            let report = try await store.importNumbers(
                options.mode, isDryRun: options.isDryRun || rows.hasErrors, by: context.author,
                once: keyed?.once(response), rows)
            guard report.errorCount == 0 else { throw Problem(report, decimal: reader.decimal) }
            if !options.isDryRun { context.audit(report) }
            return response(report)
        } catch let error as UnreadableFile {
            throw Problem.malformedBody("The file \(error.reason).")
        }
    }

    private func takePlace() async throws {
        let end = ContinuousClock.now + Self.longestWait
        while !places.take(1) {
            guard ContinuousClock.now < end else {
                throw Problem.busy("Another file is being imported just now")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// Room for so much at a time.
private final class Room: Sendable {
    private let free: Mutex<Int>

    init(_ size: Int) {
        free = Mutex(size)
    }

    /// Whether there was as much room.
    func take(_ size: Int) -> Bool {
        free.withLock { free in
            guard free >= size else { return false }
            free -= size
            return true
        }
    }

    func giveBack(_ size: Int) {
        free.withLock { $0 += size }
    }
}

extension SupervisorContext {
    /// Logs who took in a file, and what came of it.
    fileprivate func audit(_ report: ImportReport) {
        logger.info(
            "numbers imported",
            metadata: [
                "user": "\(user.username)", "change": .stringConvertible(report.change ?? 0),
                "rows": .stringConvertible(report.rows),
                "created": .stringConvertible(report.created),
                "changed": .stringConvertible(report.changed),
            ])
    }
}
