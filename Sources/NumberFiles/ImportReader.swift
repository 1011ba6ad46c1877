internal import Dispatch
internal import Foundation
package import Inventory
internal import Synchronization
package import Threads

/// Reads the rows of a file that has arrived, and checks them on threads of their own while the rows
/// before them are written: a phone number takes tens of microseconds, and a file may have a million.
///
/// A few pieces are read ahead and no more, so that the rows in memory do not grow with the file.
package final class ImportReader: Sendable {
    /// What is read piece after piece, whichever thread reads the next one.
    private struct Source {
        var file: FilePieces
        var reader: any RowReader
        var pieceCount = 0
        var rowCount = 0
        var isOver = false
    }

    /// What becomes of a piece of the file, or of what is behind the last one.
    private enum Batch<Row: Sendable>: Sendable {
        case rows([Row])
        /// All rows were read, or nothing more can be.
        case end(UnreadableFile?)
    }

    private struct Batches {
        /// Those that are checked and not yet taken, by the place of their piece in the file.
        var checked: [Int: Batch<ImportRow>] = [:]
        var takenCount = 0
    }

    private let format: FileFormat
    private let mode: ImportMode
    private let numberCheck: NumberCheck
    private let mostRows: Int
    private let threads: WorkThreads
    private let source: Mutex<Source>
    private let batches = Mutex(Batches())
    private let isChecked = DispatchSemaphore(value: 0)

    /// Threads for one reader at a time, as many as processors, which they leave to all others
    /// first.
    package static func threads() -> WorkThreads {
        WorkThreads(
            count: ProcessInfo.processInfo.activeProcessorCount, mostWaiting: 0, givesWay: true)
    }

    /// Begins to read.
    ///
    /// - Parameter decimal: The decimal separator of CSV; without it the prices decide.
    /// - Parameter mostRows: The most rows that are accepted; the reader stops after them.
    /// - Parameter threads: Those of ``threads()``.
    package init(
        _ file: FilePieces, _ format: FileFormat, mode: ImportMode, numberCheck: NumberCheck,
        decimal: CSVStyle.DecimalSign? = nil, mostRows: Int = .max, threads: WorkThreads
    ) {
        self.format = format
        self.mode = mode
        self.numberCheck = numberCheck
        self.mostRows = mostRows
        self.threads = threads
        let reader = format.reader(isWhole: mode == .create, decimal: decimal)
        source = Mutex(Source(file: file, reader: reader))
        // One for each thread, and one that lies there when it is asked for.
        for _ in 0...threads.count { checkNext() }
    }

    /// How many bytes of the file were read.
    package var readCount: Int { source.withLock { $0.file.takenCount } }

    /// The decimal separator of a CSV file; nil if nothing in what was read decides, and in JSON.
    package var decimal: CSVStyle.DecimalSign? { source.withLock { $0.reader.decimal } }

    /// The next rows of the file, some thousand; none after the last.
    ///
    /// They are waited for on the calling thread.
    ///
    /// - Throws: ``UnreadableFile``, after which there is nothing more to be had.
    package func next() throws(UnreadableFile) -> [ImportRow] {
        while true {
            switch nextBatch() {
            case .rows(let rows):
                checkNext()
                if !rows.isEmpty { return rows }
            case .end(let error):
                if let error { throw error }
                return []
            }
        }
    }

    private func nextBatch() -> Batch<ImportRow> {
        while true {
            let batch = batches.withLock { batches in
                let batch = batches.checked[batches.takenCount]
                // The end stays for whoever asks again.
                guard case .rows = batch else { return batch }
                batches.checked[batches.takenCount] = nil
                batches.takenCount += 1
                return batch
            }
            if let batch { return batch }
            isChecked.wait()
        }
    }

    private func checkNext() {
        threads.submit { [self] in
            let (place, written, decimal) = source.withLock { source in
                defer { source.pieceCount += 1 }
                return (source.pieceCount, readPiece(of: &source), source.reader.decimal)
            }
            let batch: Batch<ImportRow> =
                switch written {
                case .rows(let rows): .rows(check(rows, decimal))
                case .end(let error): .end(error)
                }
            batches.withLock { $0.checked[place] = batch }
            isChecked.signal()
        }
    }

    private func check(
        _ rows: [WrittenRow], _ decimal: CSVStyle.DecimalSign?
    ) -> [ImportRow] {
        rows.map { row in
            ImportRow(row, mode: mode, numberCheck: numberCheck) { text throws(Refusal) in
                format == .csv ? try Price(text, decimal: decimal) : try Price(text)
            }
        }
    }

    private func readPiece(of source: inout Source) -> Batch<WrittenRow> {
        guard !source.isOver else { return .end(nil) }
        do throws(UnreadableFile) {
            let rows: [WrittenRow]
            if let piece = source.file.next() {
                rows = try source.reader.read(piece)
            } else {
                source.isOver = true
                rows = try source.reader.finish()
            }
            source.reader.findDecimal(in: source.file.rest)
            source.rowCount += rows.count
            guard source.rowCount > mostRows else { return .rows(rows) }
            source.isOver = true
            return .rows(refusing(rows, of: source.rowCount))
        } catch {
            source.isOver = true
            return .end(error)
        }
    }

    /// The rows up to the bound, and one that tells of it.
    private func refusing(_ rows: [WrittenRow], of rowCount: Int) -> [WrittenRow] {
        let taken = rows.dropLast(rowCount - mostRows)
        let fault = Fault(field: nil, detail: "is one too many: a file may have \(mostRows) rows")
        return taken + [
            WrittenRow(line: rows[taken.endIndex].line, content: .malformed([fault]))
        ]
    }
}
