internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import Logging
internal import NumberFiles
internal import Threads

/// All numbers that match, as a file: `/api/v1/numbers/export`.
struct ExportController {
    let store: any NumberStore
    let now: @Sendable () -> Date

    static let mediaTypes = FileFormat.written.map(\.mediaType)

    /// How many clients are served at once: each has a connection to the database.
    private static let mostAtOnce = 2

    private let threads = BlockingThreadPool(count: mostAtOnce, mostWaiting: 0)

    init(store: any NumberStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    func addRoutes(users: some RouterMethods<UserContext>) {
        users.get("numbers/export", use: export)
    }

    @Sendable func export(_ request: Request, context: UserContext) async throws -> Response {
        let (_, options) = try request.parameters(ExportOptions.parameterNames) {
            ExportOptions(&$0)
        }
        var headers: HTTPFields = [
            .contentType: options.format.contentType,
            .contentDisposition: "attachment; filename=\"\(fileName(options.format))\"",
        ]
        // What a HEAD asks for needs no numbers.
        guard request.method != .head else {
            headers[.transferEncoding] = "chunked"
            return Response(status: .ok, headers: headers)
        }
        do {
            let export = try await ExportStream(
                options.query, of: store, as: options.writer, threads: threads)
            let logger = context.logger
            let body = ResponseBody { writer in
                do {
                    try await export.write(to: &writer)
                } catch {
                    logger.warning("an export was cut", metadata: ["error": "\(error)"])
                    throw error
                }
            }
            return Response(status: .ok, headers: headers, body: body)
        } catch is BlockingThreadPool.Busy {
            throw Problem.busy("Enough files are being exported just now")
        }
    }

    /// Such as `numbers-2026-11-24.csv`, by the date in UTC.
    private func fileName(_ format: FileFormat) -> String {
        let date = now().formatted(.iso8601.year().month().day())
        return "numbers-\(date).\(format.rawValue)"
    }
}

extension FileFormat {
    fileprivate var contentType: String {
        self == .csv ? mediaType + "; charset=utf-8; header=present" : mediaType
    }
}
