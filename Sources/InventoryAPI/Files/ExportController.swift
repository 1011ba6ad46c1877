internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import Logging
internal import NumberFiles
internal import Threads

/// Exports the numbers that match a query as a file: `/api/v1/numbers/export`.
struct ExportController {
    let store: any NumberStore
    let now: @Sendable () -> Date

    /// How many exports run at once: each has a connection to the database.
    private static let mostAtOnce = 2

    private let threads = BlockingThreadPool(count: mostAtOnce, mostWaiting: 0)

    func get(_ request: Request, context: UserContext) async throws -> Response {
        let names = ["format"] + NumberQuery.parameterNamesWithoutPage
        let (_, (query, format, writer)) = try request.parameters(
            names + ["ids", "separator", "decimal"]
        ) { parameters in
            let query = NumberQuery(&parameters)
            let format = parameters.choice("format", of: FileFormat.written) ?? .csv
            let style = Self.style(&parameters, format)
            let hasIDs = parameters.flag("ids")
            return (query, format, NumberWriter(format: format, style: style, hasIDs: hasIDs))
        }
        // Such as numbers-2026-11-24.csv, by the date in UTC.
        let name = "numbers-\(now().formatted(.iso8601.year().month().day())).\(format.rawValue)"
        var headers: HTTPFields = [
            .contentType: format.mediaType
                + (format == .csv ? "; charset=utf-8; header=present" : ""),
            .contentDisposition: "attachment; filename=\"\(name)\"",
        ]
        if let most = format.mostNumbers { try await checkCount(query, most: most) }
        // HEAD needs no numbers.
        guard request.method != .head else {
            headers[.transferEncoding] = "chunked"
            return Response(status: .ok, headers: headers)
        }
        do {
            let export = try await ExportStream(query, of: store, as: writer, threads: threads)
            return Response(status: .ok, headers: headers, body: export.body(context.logger))
        } catch is BlockingThreadPool.Busy {
            throw Problem.busy("Enough files are being exported just now")
        }
    }

    /// Checks it before the response begins, which then could not become an error.
    private func checkCount(_ query: NumberQuery, most: Int) async throws {
        var query = query
        query.paging = Paging(perPage: 1)
        let count = try await store.listNumbers(query).total
        guard count <= most else {
            throw Problem.invalidParameters([
                FieldError(
                    field: "format",
                    detail: """
                        cannot be xlsx, which has room for \(most) numbers, for \(count): filter \
                        them, or use csv
                        """)
            ])
        }
    }

    private static func style(_ parameters: inout ObjectReader, _ format: FileFormat) -> CSVStyle {
        let separator = parameters.choice("separator", of: CSVStyle.Separator.written)
        let decimal = parameters.choice("decimal", of: CSVStyle.DecimalSeparator.allCases)
        if format != .csv {
            if separator != nil { parameters.note("separator", "is for format=csv only") }
            if decimal != nil { parameters.note("decimal", "is for format=csv only") }
            return .standard
        }
        let style = CSVStyle(separator: separator ?? .comma, decimal: decimal ?? .point)
        if style == nil { parameters.note("decimal", "needs separator=; where it is a comma") }
        return style ?? .standard
    }

}

/// The rows of an export: a thread reads and formats them, one piece ahead of the client.
/// If the client leaves, the stream is freed, and the thread stops.
private final class ExportStream: Sendable {
    /// How long an export may take: it holds a database snapshot and one of few threads.
    private static let longest = Duration.seconds(600)
    /// How long the search for the first numbers may take: as long as for a page of a list.
    private static let longestFirst = Duration.seconds(5)

    private let pieces: RendezvousChannel<ByteBuffer>
    /// Nil if the file has no bytes.
    private let first: ByteBuffer?

    /// Waits for the first piece, so that an early error becomes the response.
    init(
        _ query: NumberQuery, of store: any NumberStore, as writer: NumberWriter,
        threads: BlockingThreadPool
    ) async throws {
        let pieces = RendezvousChannel<ByteBuffer>()
        self.pieces = pieces
        let deadline = ContinuousClock.now + Self.longest
        Task {
            do {
                try await threads.run {
                    var writer = writer
                    var piece = ByteBuffer(bytes: writer.begin())
                    try store.exportNumbers(query, firstWithin: Self.longestFirst) { numbers in
                        piece.writeBytes(try writer.write(numbers))
                        // A workbook is compressed, so rows may have no bytes yet.
                        guard piece.readableBytes > 0 else { return }
                        try pieces.give(piece, before: deadline)
                        piece.clear()
                    }
                    piece.writeBytes(writer.end())
                    if piece.readableBytes > 0 { try pieces.give(piece, before: deadline) }
                }
                pieces.finish()
            } catch {
                pieces.finish(throwing: error)
            }
        }
        first = try await pieces.next()
    }

    deinit {
        pieces.abandon()
    }

    /// Throws if the export is cut, which resets the connection.
    func body(_ logger: Logger) -> ResponseBody {
        ResponseBody { [self] writer in
            do {
                if let first { try await writer.write(first) }
                while let piece = try await pieces.next() { try await writer.write(piece) }
                try await writer.finish(nil)
            } catch {
                logger.warning("an export was cut", metadata: ["error": "\(error)"])
                throw error
            }
        }
    }
}
