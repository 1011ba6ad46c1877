internal import Foundation
package import Inventory
package import Threads

/// Reads the rows of a file as its bytes arrive, and checks them on threads of their own: a phone
/// number takes tens of microseconds, and a file may have a million.
package struct ImportReader {
    private let mode: ImportMode
    private let numberCheck: NumberCheck
    private let mostRows: Int
    private let pieceBytes: Int
    private let threads: WorkThreads
    private var reader: any RowReader
    private var piece: [UInt8] = []
    /// The rows that are being checked, in their order.
    private var checks: [Task<[ImportRow], any Error>] = []
    private var checked = ImportRows()
    private var rowCount = 0

    /// Threads for one reader at a time, as many as processors, which they leave to all others
    /// first.
    ///
    /// Their queue has room for what a reader leaves behind that was given up.
    package static func threads() -> WorkThreads {
        let count = ProcessInfo.processInfo.activeProcessorCount
        return WorkThreads(count: count, mostWaiting: 4 * count, givesWay: true)
    }

    /// - Parameter mostRows: How many rows are taken; what is beyond them is not read.
    /// - Parameter pieceBytes: How many bytes are read at once: some thousand rows are.
    /// - Parameter threads: Those of ``threads()``.
    package init(
        _ format: FileFormat, mode: ImportMode, numberCheck: NumberCheck, mostRows: Int = .max,
        pieceBytes: Int = 128 * 1024, threads: WorkThreads
    ) {
        self.mode = mode
        self.numberCheck = numberCheck
        self.mostRows = mostRows
        self.pieceBytes = pieceBytes
        self.threads = threads
        reader = format.reader(isWhole: mode == .create)
    }

    /// - Throws: ``UnreadableFile``.
    package mutating func read(_ bytes: some Sequence<UInt8>) async throws {
        piece += bytes
        guard piece.count >= pieceBytes else { return }
        let bytes = piece
        piece = []
        try await check { reader throws(UnreadableFile) in try reader.read(bytes) }
    }

    /// All rows of the file, which is at its end.
    ///
    /// - Throws: ``UnreadableFile``.
    package mutating func finish() async throws -> ImportRows {
        let bytes = piece
        try await check { reader throws(UnreadableFile) in
            try reader.read(bytes) + reader.finish()
        }
        while !checks.isEmpty { try await keepFirst() }
        return checked
    }

    private mutating func check(
        _ read: @escaping @Sendable (inout any RowReader) throws(UnreadableFile) -> [WrittenRow]
    ) async throws {
        guard rowCount <= mostRows else { return }
        let before = reader
        let (after, rows) = try await threads.run {
            var reader = before
            let rows = try read(&reader)
            return (reader, rows)
        }
        reader = after
        rowCount += rows.count
        if checks.count >= threads.count { try await keepFirst() }
        let (mode, numberCheck, threads) = (mode, numberCheck, threads)
        let rowsToCheck = rowCount <= mostRows ? rows : refusing(rows)
        checks.append(
            Task {
                try await threads.run {
                    rowsToCheck.map { ImportRow($0, mode: mode, numberCheck: numberCheck) }
                }
            })
    }

    /// The rows up to the bound, and one that tells of it.
    private func refusing(_ rows: [WrittenRow]) -> [WrittenRow] {
        let taken = rows.dropLast(rowCount - mostRows)
        let fault = Fault(field: nil, detail: "is one too many: a file may have \(mostRows) rows")
        return taken + [
            WrittenRow(line: rows[taken.endIndex].line, content: .malformed([fault]))
        ]
    }

    private mutating func keepFirst() async throws {
        checked.append(try await checks.removeFirst().value)
    }
}
