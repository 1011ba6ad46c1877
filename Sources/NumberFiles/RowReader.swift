/// Reads the rows of a file in pieces, as its bytes arrive.
protocol RowReader: Sendable {
    /// The rows that end in `bytes`.
    mutating func read(_ bytes: [UInt8]) throws(UnreadableFile) -> [FileRow]

    /// The rows that end with the file.
    mutating func finish() throws(UnreadableFile) -> [FileRow]

    /// The decimal separator of the rows so far; nil if it is not known, and in JSON.
    var decimal: CSVStyle.DecimalSeparator? { get }

    /// Finds the decimal separator in the `rest` of the file, if the rows so far need it.
    mutating func findDecimal(in rest: ArraySlice<[UInt8]>)
}

extension RowReader {
    var decimal: CSVStyle.DecimalSeparator? { nil }
    mutating func findDecimal(in rest: ArraySlice<[UInt8]>) {}
}

/// How many bytes a row may have: as many as a body with one number.
let longestRow = 64 * 1024

/// The file does not have its format, so its rows cannot be found.
package struct UnreadableFile: Error, Equatable {
    /// The message without its subject, the file.
    package let reason: String

    static func notUTF8(line: Int) -> UnreadableFile {
        UnreadableFile(reason: "is not UTF-8 in line \(line)")
    }
}
