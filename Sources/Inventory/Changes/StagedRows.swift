/// The rows of a file, which were read and checked before a store applies them.
///
/// They are in batches of some thousand rows, and can be read again: a store may restart its
/// transaction.
package struct StagedRows: Sequence, Sendable {
    /// Whether a row has an error whatever the inventory contains, so that nothing can be imported.
    package let hasErrors: Bool
    private let batchCount: Int
    private let batch: @Sendable (Int) -> [ImportRow]

    /// - Parameter batch: Returns the batch at an index below `batchCount`, as often as it is called.
    package init(
        hasErrors: Bool = false, batchCount: Int, _ batch: @escaping @Sendable (Int) -> [ImportRow]
    ) {
        self.hasErrors = hasErrors
        self.batchCount = batchCount
        self.batch = batch
    }

    package func makeIterator() -> some IteratorProtocol<[ImportRow]> {
        (0..<batchCount).lazy.map(batch).makeIterator()
    }
}
