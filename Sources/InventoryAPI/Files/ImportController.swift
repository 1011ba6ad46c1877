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

    /// How many rows a file may have: they are kept until all of them have arrived.
    private static let mostRows = 1_000_000

    /// How many files are read at once.
    private static let mostAtOnce = 1

    private let places = Places(count: mostAtOnce)
    private let threads: WorkThreads

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
        guard places.take() else {
            throw Problem(
                type: .unavailable,
                detail: "Another file is being imported just now; try again in 10 s.",
                headers: [.retryAfter: "10"])
        }
        defer { places.giveBack() }
        let rows = Mutex(try await read(request, options))
        let report = try await store.importNumbers(
            options.mode, isDryRun: options.isDryRun,
            by: context.author
        ) { rows.withLock { $0.next() } }
        guard report.faultCount == 0 else { throw Problem(report) }
        if !options.isDryRun { context.audit(report) }
        var headers: HTTPFields = [:]
        if let change = report.change { headers[.changeID] = String(change) }
        return Response(headers: headers, json: .object(report.members))
    }

    /// The rows of the body.
    ///
    /// Nothing is done before all of it has arrived, so that a client that is slow keeps nobody
    /// else from writing.
    private func read(_ request: Request, _ options: ImportOptions) async throws -> ImportRows {
        var reader = ImportReader(
            options.format, mode: options.mode, numberCheck: numberCheck,
            mostRows: Self.mostRows, threads: threads)
        var unreadable: UnreadableFile?
        do {
            try await request.readBody(atMost: Request.largestFile) { piece in
                // What cannot be read is read on, since many clients do not look at the answer
                // before they have sent all of it.
                guard unreadable == nil else { return }
                do {
                    try await reader.read(piece.readableBytesView)
                } catch let error as UnreadableFile {
                    unreadable = error
                }
            }
            if let unreadable { throw unreadable }
            return try await reader.finish()
        } catch let error as UnreadableFile {
            throw Problem.malformedBody("The file \(error.reason).")
        } catch let error as WorkThreads.Busy {
            throw InventoryError.unavailable(reason: error)
        }
    }
}

/// Room for a few at a time.
private final class Places: Sendable {
    private let free: Mutex<Int>

    init(count: Int) {
        free = Mutex(count)
    }

    /// Whether there was room.
    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func giveBack() {
        free.withLock { $0 += 1 }
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
