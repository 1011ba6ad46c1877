internal import Foundation
package import Inventory
internal import Synchronization
package import Threads

/// Reads the rows of a file and checks them on several threads. Checking a phone number takes tens of
/// microseconds, and a file may have a million.
package final class ImportReader: Sendable {
    /// The rows so far. One thread at a time reads the next piece.
    private struct State {
        var reader: any RowReader
        var corrections: RowCorrections
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
        /// How many bytes of the file were read.
        let readCount: Int
    }

    private let options: ImportOptions
    private let mostRows: Int
    private let threads: BlockingThreadPool
    private let state: Mutex<State>

    /// Low-priority threads, one per processor, for one reader at a time.
    package static func threads() -> BlockingThreadPool {
        BlockingThreadPool(
            count: ProcessInfo.processInfo.activeProcessorCount, mostWaiting: 0,
            hasLowPriority: true)
    }

    /// - Parameter threads: The threads of ``threads()``.
    package init(
        _ file: FilePieces, _ options: ImportOptions, mostRows: Int = .max,
        threads: BlockingThreadPool
    ) {
        self.options = options
        self.mostRows = mostRows
        self.threads = threads
        let failure = UnreadableFile(file, options)
        state = Mutex(
            State(
                reader: options.format.reader(file, options), corrections: options.corrections,
                isOver: failure != nil,
                failure: failure))
    }

    /// How the file was read so far.
    package var form: FileForm { state.withLock { $0.reader.form } }

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
            return StagedRows(
                hasErrors: state.errorCount > 0, listedErrors: options.listedErrors,
                idAdvice: options.idAdvice, batchCount: batches.count
            ) { batches[$0].rows }
        }
    }

    private func readPieces(
        _ progress: (Int) -> Void, _ cancellation: Cancellation
    ) throws {
        while let piece = state.withLock({ readPiece(&$0) }) {
            try cancellation.check()
            progress(piece.readCount)
            let rows = try piece.rows.map { row in
                try cancellation.check()
                return row.checked(options.mode, options.numberCheck) {
                    (member, text) throws(InvalidValue) in
                    guard options.format.isTable, !row.corrected.contains(member) else {
                        return try Price(text)
                    }
                    // The number of a workbook has a point, whatever the table's separator.
                    let decimal = row.numbers.contains(member) ? .point : piece.decimal
                    return try Price(text, decimal: decimal, options.naming)
                }
            }
            let packed = PackedRows(
                rows, options.numberCheck, listedErrors: options.listedErrors)
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
            if let next = try state.reader.nextWithDecimal() {
                let isHeader = state.reader.table?.isRefused == true
                rows = isHeader ? next : state.corrections.apply(to: next)
            } else {
                state.isOver = true
                rows = state.reader.table?.isRefused == true ? [] : state.corrections.errors
                guard !rows.isEmpty else { return nil }
            }
            state.rowCount += rows.count
            if state.rowCount > mostRows {
                state.isOver = true
                let first = rows.count - (state.rowCount - mostRows)
                let error = "is one too many: a file may have \(mostRows) rows"
                rows = rows[..<first] + [FileRow(line: rows[first].line, error: error)]
            }
            state.batches.append(nil)
            return Piece(
                index: state.batches.count - 1, rows: rows, decimal: state.reader.table?.decimal,
                readCount: state.reader.readCount)
        } catch {
            (state.isOver, state.failure) = (true, error)
            return nil
        }
    }
}
