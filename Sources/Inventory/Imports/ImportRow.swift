package enum ImportMode: String, CaseIterable, Sendable {
    /// Every row must be a new number.
    case create
    /// Every row must be an existing number.
    case update
    /// Existing numbers are changed, and others created.
    case upsert
}

package enum ImportRow: Equatable, Sendable {
    /// - Parameter line: The line in which the row begins, from 1.
    /// - Parameter id: The number that the row changes; nil if the phone number identifies it.
    /// - Parameter written: The phone number as the file writes it; nil if as responses do.
    case number(line: Int, id: Int64?, patch: NumberPatch, written: String? = nil)
    case invalid([ImportError])
}

/// The checked rows of a file, in batches of some thousand. They can be read several times, because
/// a store may restart its transaction.
package struct StagedRows: Sequence, Sendable {
    package let hasErrors: Bool
    /// How many errors a report lists.
    let listedErrors: Int
    /// How to import the rows without their ids.
    let idAdvice: String
    private let batchCount: Int
    private let batch: @Sendable (Int) -> [ImportRow]

    /// - Parameter batch: Returns the batch of an index; may be called several times for each.
    package init(
        hasErrors: Bool = false, listedErrors: Int = ImportReport.mostErrors,
        idAdvice: String = "leave out the ids", batchCount: Int,
        _ batch: @escaping @Sendable (Int) -> [ImportRow]
    ) {
        self.hasErrors = hasErrors
        self.listedErrors = listedErrors
        self.idAdvice = idAdvice
        self.batchCount = batchCount
        self.batch = batch
    }

    package func makeIterator() -> some IteratorProtocol<[ImportRow]> {
        (0..<batchCount).lazy.map(batch).makeIterator()
    }
}
