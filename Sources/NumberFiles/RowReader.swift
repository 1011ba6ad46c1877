/// Reads the rows of a file, piece by piece as its bytes arrive.
protocol RowReader: Sendable {
    /// The rows that end in `bytes`, in their order.
    ///
    /// - Throws: ``UnreadableFile``.
    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [WrittenRow]

    /// The decimal separator of the rows that were read; nil if nothing decides, and in JSON.
    var decimal: CSVStyle.DecimalSign? { get }

    /// Finds the decimal separator in `rest`, which is not read yet, if the rows that were read need it.
    mutating func findDecimal(in rest: ArraySlice<[UInt8]>)

    /// The rows that end with the file.
    ///
    /// - Throws: ``UnreadableFile``.
    mutating func finish() throws(UnreadableFile) -> [WrittenRow]
}

extension RowReader {
    var decimal: CSVStyle.DecimalSign? { nil }
    mutating func findDecimal(in rest: ArraySlice<[UInt8]>) {}
}

/// The most bytes of a row: as many as a body that has a number.
let longestRow = 64 * 1024
