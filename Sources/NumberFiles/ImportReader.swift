internal import Foundation
package import Inventory
internal import Synchronization
package import Threads

/// Reads the rows of a file and checks them on several threads. Checking a phone number takes tens of
/// microseconds, and a file may have a million.
package final class ImportReader: Sendable {
    /// The rest of the file, and the rows so far. One thread at a time reads the next piece.
    private struct State {
        var file: FilePieces
        var reader: any RowReader
        var rowCount = 0
        /// The rows of each piece; nil until they are checked.
        var batches: [PackedRows?] = []
        var errorCount = 0
        var isOver = false
        var failure: UnreadableFile?
    }

    private struct Piece {
        let index: Int
        let rows: [FileRow]
        let decimal: CSVStyle.DecimalSeparator?
        /// The number of bytes of the file up to the end of the piece.
        let end: Int
    }

    private let format: FileFormat
    private let mode: ImportMode
    private let numberCheck: NumberCheck
    private let mostRows: Int
    private let threads: BlockingThreadPool
    private let state: Mutex<State>

    /// Low-priority threads, one per processor, for one reader at a time.
    package static func threads() -> BlockingThreadPool {
        BlockingThreadPool(
            count: ProcessInfo.processInfo.activeProcessorCount, mostWaiting: 0,
            hasLowPriority: true)
    }

    /// - Parameter decimal: The decimal separator of CSV; nil to find it in the prices.
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
        var state = State(
            file: file, reader: format.reader(isWhole: mode == .create, decimal: decimal))
        state.file.skipByteOrderMark()
        if file.begins(with: [0xFF, 0xFE]) || file.begins(with: [0xFE, 0xFF]) {
            state.isOver = true
            state.failure = UnreadableFile(reason: "is UTF-16; save it as UTF-8")
        }
        self.state = Mutex(state)
    }

    /// The decimal separator of a CSV file; nil if it is not known, and in JSON.
    package var decimal: CSVStyle.DecimalSeparator? { state.withLock { $0.reader.decimal } }

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
        return try state.withLock { state in
            if state.errorCount < ImportReport.mostCounted, let failure = state.failure {
                throw failure
            }
            let batches = state.batches.compactMap(\.self)
            state.batches = []
            return StagedRows(hasErrors: state.errorCount > 0, batchCount: batches.count) {
                batches[$0].rows
            }
        }
    }

    private func readPieces(
        _ progress: (Int) -> Void, _ cancellation: Cancellation
    ) throws {
        while let piece = state.withLock({ readPiece(&$0) }) {
            progress(piece.end)
            let rows = try piece.rows.map { row in
                try cancellation.check()
                return row.checked(mode, numberCheck) { text throws(InvalidValue) in
                    format == .csv ? try Price(text, decimal: piece.decimal) : try Price(text)
                }
            }
            let packed = PackedRows(rows, numberCheck)
            state.withLock { state in
                state.batches[piece.index] = packed
                state.errorCount += packed.errorCount
                if state.errorCount >= ImportReport.mostCounted { state.isOver = true }
            }
        }
    }

    /// Returns the next piece, or the rows that end with the file; then nil.
    private func readPiece(_ state: inout State) -> Piece? {
        guard !state.isOver else { return nil }
        do throws(UnreadableFile) {
            var rows: [FileRow]
            if let piece = state.file.next() {
                rows = try state.reader.read(piece)
            } else {
                state.isOver = true
                rows = try state.reader.finish()
            }
            state.reader.findDecimal(in: state.file.rest)
            state.rowCount += rows.count
            if state.rowCount > mostRows {
                state.isOver = true
                let first = rows.count - (state.rowCount - mostRows)
                let error = "is one too many: a file may have \(mostRows) rows"
                rows = rows[..<first] + [FileRow(line: rows[first].line, error: error)]
            }
            state.batches.append(nil)
            return Piece(
                index: state.batches.count - 1, rows: rows, decimal: state.reader.decimal,
                end: state.file.takenCount)
        } catch {
            (state.isOver, state.failure) = (true, error)
            return nil
        }
    }
}
