/// The changes that one step deletes from the history.
package struct Pruning: Equatable {
    package static let mostChanges = 1000
    /// How many numbers the changes of one step may have together. A change with more is deleted
    /// alone.
    private static let mostNumbers = 10_000

    /// The step deletes all changes up to this one.
    package let lastID: Int64
    package let count: Int

    /// - Parameter oldest: The oldest changes, by id, each with its number of numbers.
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
