internal import Foundation
package import Inventory
internal import Synchronization
package import Threads

/// Reads the rows of a file and checks them on several threads. Checking a phone number takes tens of
/// microseconds, and a file may have a million.
package final class ImportReader: Sendable {
    /// The rest of the file. One thread at a time reads the next piece.
    private struct Source {
        var file: FilePieces
        var reader: any RowReader
        var pieceCount = 0
        var rowCount = 0
        var isOver = false
        /// Why the rest of the file cannot be read.
        var failure: UnreadableFile?
    }

    private struct Piece {
        let index: Int
        let rows: [FileRow]
        let decimal: CSVStyle.DecimalSeparator?
        /// The number of bytes of the file up to the end of the piece.
        let end: Int
    }

    private struct Result {
        /// By the index of the piece.
        var batches: [Int: PackedRows] = [:]
        var errorCount = 0
    }

    private let format: FileFormat
    private let mode: ImportMode
    private let numberCheck: NumberCheck
    private let mostRows: Int
    private let threads: BlockingThreadPool
    private let source: Mutex<Source>
    private let result = Mutex(Result())

    /// Low-priority threads, one per processor, for one reader at a time.
    package static func threads() -> BlockingThreadPool {
        BlockingThreadPool(
            count: ProcessInfo.processInfo.activeProcessorCount, mostWaiting: 0,
            hasLowPriority: true)
    }

    /// - Parameter decimal: The decimal separator of CSV; nil to find it in the prices.
    /// - Parameter mostRows: The most rows; the reader stops after them.
    /// - Parameter threads: The threads of ``threads()``.
    package init(
        _ file: FilePieces, _ format: FileFormat, mode: ImportMode, numberCheck: NumberCheck,
        decimal: CSVStyle.DecimalSeparator? = nil, mostRows: Int = .max,
        threads: BlockingThreadPool
    ) {
        self.format = format
        self.mode = mode
        self.numberCheck = numberCheck
        self.mostRows = mostRows
        self.threads = threads
        var source = Source(
            file: file, reader: format.reader(isWhole: mode == .create, decimal: decimal))
        source.file.skipByteOrderMark()
        if file.begins(with: [0xFF, 0xFE]) || file.begins(with: [0xFE, 0xFF]) {
            (source.isOver, source.failure) = (true, .utf16)
        }
        self.source = Mutex(source)
    }

    /// The decimal separator of a CSV file; nil if it is not known, and in JSON.
    package var decimal: CSVStyle.DecimalSeparator? { source.withLock { $0.reader.decimal } }

    /// Reads the file, or its beginning if that has more errors than are counted.
    ///
    /// - Parameter progress: Called several times with the number of bytes that were read.
    /// - Throws: ``UnreadableFile`` and `CancellationError`.
    package func readRows(
        _ progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> StagedRows {
        try await withCancellation { cancellation in
            try await withThrowingTaskGroup { group in
                for _ in 0..<threads.count {
                    group.addTask {
                        try await self.threads.run { try self.readPieces(progress, cancellation) }
                    }
                }
                try await group.waitForAll()
            }
        }
        let (batches, errorCount) = result.withLock { result in
            defer { result.batches = [:] }
            return (result.batches.sorted { $0.key < $1.key }.map(\.value), result.errorCount)
        }
        if errorCount < ImportReport.mostCounted, let failure = source.withLock({ $0.failure }) {
            throw failure
        }
        return StagedRows(hasErrors: errorCount > 0, batchCount: batches.count) {
            batches[$0].rows
        }
    }

    /// Reads and checks pieces on one of the threads.
    private func readPieces(
        _ progress: (Int) -> Void, _ cancellation: Cancellation
    ) throws {
        while let piece = source.withLock({ readPiece(of: &$0) }) {
            progress(piece.end)
            let rows = try piece.rows.map { row in
                try cancellation.check()
                return row.checked(mode, numberCheck) { text throws(InvalidValue) in
                    format == .csv ? try Price(text, decimal: piece.decimal) : try Price(text)
                }
            }
            let packed = PackedRows(rows, numberCheck)
            let errorCount = result.withLock { result in
                result.batches[piece.index] = packed
                result.errorCount += packed.errorCount
                return result.errorCount
            }
            guard errorCount < ImportReport.mostCounted else {
                return source.withLock { $0.isOver = true }
            }
        }
    }
}

extension ImportReader {
    /// Returns the next piece, or the rows that end with the file; then nil.
    private func readPiece(of source: inout Source) -> Piece? {
        guard !source.isOver else { return nil }
        do throws(UnreadableFile) {
            var rows: [FileRow]
            if let piece = source.file.next() {
                rows = try source.reader.read(piece)
            } else {
                source.isOver = true
                rows = try source.reader.finish()
            }
            source.reader.findDecimal(in: source.file.rest)
            source.rowCount += rows.count
            if source.rowCount > mostRows {
                source.isOver = true
                let first = rows.count - (source.rowCount - mostRows)
                let error = "is one too many: a file may have \(mostRows) rows"
                rows = rows[..<first] + [FileRow(line: rows[first].line, error: error)]
            }
            defer { source.pieceCount += 1 }
            return Piece(
                index: source.pieceCount, rows: rows, decimal: source.reader.decimal,
                end: source.file.takenCount)
        } catch {
            (source.isOver, source.failure) = (true, error)
            return nil
        }
    }
}
