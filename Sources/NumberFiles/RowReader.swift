/// Reads the rows of a file, piece by piece as its bytes arrive.
protocol RowReader: Sendable {
    /// The rows that end in `bytes`, in their order.
    ///
    /// - Throws: ``UnreadableFile``.
    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [WrittenRow]

    /// The rows that end with the file.
    ///
    /// - Throws: ``UnreadableFile``.
    mutating func finish() throws(UnreadableFile) -> [WrittenRow]
}

/// The most bytes of a row: as many as a body that has a number.
let longestRow = 64 * 1024
