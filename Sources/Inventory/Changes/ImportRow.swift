/// One row of a file whose numbers are taken in.
package enum ImportRow: Equatable, Sendable {
    /// - Parameter line: Where the row begins in the file, from 1.
    /// - Parameter id: Which number it is; nil where its digits tell.
    case number(line: Int, id: Int64?, patch: NumberPatch)
    /// It could not be read as a number.
    case faulty(line: Int, [FieldError])
}
