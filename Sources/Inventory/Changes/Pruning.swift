/// The changes that are forgotten in one step.
package struct Pruning: Equatable {
    /// How many changes are forgotten in one step.
    package static let mostChanges = 1000
    /// How many numbers they may have changed together, where it is more than one change.
    private static let mostNumbers = 10_000

    /// All changes until this one are forgotten.
    package let lastID: Int64
    /// How many changes are left out.
    package let count: Int

    /// - Parameter oldest: The oldest changes, in the order of their ids, with how many numbers
    ///   each has changed.
    /// - Returns: Nil where there are none.
    package init?(_ oldest: [(id: Int64, count: Int)]) {
        var numberCount = 0
        let step = oldest.prefix { change in
            defer { numberCount += change.count }
            return numberCount == 0 || numberCount + change.count <= Self.mostNumbers
        }
        guard let last = step.last else { return nil }
        lastID = last.id
        count = step.count
    }
}
