/// How a file was read.
package struct FileForm: Equatable, Sendable {
    /// Nil in a workbook.
    package let encoding: TextEncoding?
    /// Nil except in CSV.
    package let separator: CSVStyle.Separator?
    /// Nil if it is not known, and in JSON.
    package let decimal: CSVStyle.DecimalSeparator?
    /// The names of the columns that were not read.
    package let ignored: [String]
    /// The names of columns that are neither members nor ignored, which is an error.
    package let unknown: [String]
    /// Messages about what the reader changed.
    package let notes: [String]
}
