internal import Foundation
package import Inventory
internal import Synchronization
package import Threads

/// Reads the rows of a file that has arrived, and checks them on several threads: a phone number
/// takes tens of microseconds, and a file may have a million.
package final class ImportReader: Sendable {
    /// What is read piece after piece, whichever thread reads the next one.
    private struct Source {
        var file: FilePieces
        var reader: any RowReader
        var pieceCount = 0
        var rowCount = 0
        var isOver = false
        /// Why nothing after the pieces that were read can be.
        var failure: UnreadableFile?
    }

    private struct Piece {
        let place: Int
        let rows: [WrittenRow]
        let decimal: CSVStyle.DecimalSign?
        /// How many bytes of the file were read up to its end.
        let end: Int
    }

    private struct Result {
        /// By the place of their piece in the file.
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

    /// Threads for one reader at a time, as many as processors, which they leave to all others
    /// first.
    package static func threads() -> BlockingThreadPool {
        BlockingThreadPool(
            count: ProcessInfo.processInfo.activeProcessorCount, mostWaiting: 0, givesWay: true)
    }

    /// - Parameter decimal: The decimal separator of CSV; without it the prices decide.
    /// - Parameter mostRows: The most rows that are accepted; the reader stops after them.
    /// - Parameter threads: Those of ``threads()``.
    package init(
        _ file: FilePieces, _ format: FileFormat, mode: ImportMode, numberCheck: NumberCheck,
        decimal: CSVStyle.DecimalSign? = nil, mostRows: Int = .max, threads: BlockingThreadPool
    ) {
        self.format = format
        self.mode = mode
        self.numberCheck = numberCheck
        self.mostRows = mostRows
        self.threads = threads
        let reader = format.reader(isWhole: mode == .create, decimal: decimal)
        source = Mutex(Source(file: file, reader: reader))
    }

    /// The decimal separator of a CSV file; nil if nothing in what was read decides, and in JSON.
    package var decimal: CSVStyle.DecimalSign? { source.withLock { $0.reader.decimal } }

    /// Reads the file, until it has more errors than are counted.
    ///
    /// - Parameter progress: Called with the number of bytes that were read, several times.
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
        if let failure = source.withLock({ $0.failure }),
            errorCount < ImportReport.mostCounted
        {
            throw failure
        }
        return StagedRows(hasErrors: errorCount > 0, batchCount: batches.count) {
            batches[$0].rows
        }
    }

    /// Reads one piece after the other, beside other threads.
    private func readPieces(
        _ progress: (Int) -> Void, _ cancellation: Cancellation
    ) throws {
        while let piece = source.withLock({ readPiece(of: &$0) }) {
            progress(piece.end)
            let rows = PackedRows(try check(piece, cancellation), numberCheck)
            let errorCount = result.withLock { result in
                result.batches[piece.place] = rows
                result.errorCount += rows.errorCount
                return result.errorCount
            }
            guard errorCount < ImportReport.mostCounted else {
                return source.withLock { $0.isOver = true }
            }
        }
    }
}

extension ImportReader {
    private func check(_ piece: Piece, _ cancellation: Cancellation) throws -> [ImportRow] {
        try piece.rows.map { row in
            try cancellation.check()
            return ImportRow(row, mode: mode, numberCheck: numberCheck) {
                text throws(InvalidValue) in
                format == .csv ? try Price(text, decimal: piece.decimal) : try Price(text)
            }
        }
    }

    /// The next piece of the file, or what is behind the last one; nil if all rows were read, or nothing
    /// more can be.
    private func readPiece(of source: inout Source) -> Piece? {
        guard !source.isOver else { return nil }
        do throws(UnreadableFile) {
            var rows: [WrittenRow]
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
                rows = refusing(rows, of: source.rowCount)
            }
            defer { source.pieceCount += 1 }
            return Piece(
                place: source.pieceCount, rows: rows, decimal: source.reader.decimal,
                end: source.file.takenCount)
        } catch {
            (source.isOver, source.failure) = (true, error)
            return nil
        }
    }

    /// The rows up to the bound, and one that reports it.
    private func refusing(_ rows: [WrittenRow], of rowCount: Int) -> [WrittenRow] {
        let taken = rows.dropLast(rowCount - mostRows)
        let error = FieldError(
            field: nil, detail: "is one too many: a file may have \(self.mostRows) rows")
        return taken + [
            WrittenRow(line: rows[taken.endIndex].line, content: .malformed([error]))
        ]
    }
}
