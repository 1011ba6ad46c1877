/// Each method is one transaction. It throws ``InventoryError/unavailable(reason:)`` if the
/// database is unreachable, busy or full. Methods that write also throw
/// ``InventoryError/outcomeUnknown(reason:)``, and methods with an id
/// ``InventoryError/noSuchNumber(id:)``. Errors other than the documented ones are bugs.
package protocol NumberStore: Sendable {
    func listNumbers(_ query: NumberQuery) async throws -> Page<DIDNumber>

    /// The currencies of the matching numbers, the most frequent first, then by symbol; at most
    /// ``Currency/mostListed``. Nil if counting would take long: if `filter` has more conditions
    /// than a currency, and more than ``Currency/mostCounted`` numbers match. In an inventory of
    /// more than ``Currency/mostRead``, also if each condition alone matches so many.
    func listCurrencies(_ filter: NumberFilter) async throws -> [CurrencyCount]?

    /// Calls `body` with batches of all matching numbers, in order, from one snapshot. Blocks the
    /// calling thread but no transaction. `body` must end within minutes, because the database
    /// keeps old row versions meanwhile.
    ///
    /// - Parameter firstWithin: The time limit for finding the first batch; nil for none.
    /// - Throws: ``InventoryError/tooSlow(reason:)`` after that time, and the errors of `body`.
    func exportNumbers(
        _ query: NumberQuery, firstWithin: Duration?, _ body: ([DIDNumber]) throws -> Void
    ) throws

    func number(_ id: Int64) async throws -> DIDNumber

    /// - Parameter request: Nil if a repeated request may create another number.
    /// - Throws: ``InventoryError/numberExists(id:value:)``, and the errors of
    ///   ``IdempotentRequest/perform(in:_:)``.
    func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber

    /// Creates the numbers that do not exist, in their order, and returns how many it created. The
    /// history does not record them, because they fill the inventory before its use.
    ///
    /// - Throws: ``InventoryNotEmpty`` if `onlyIfEmpty` and there are numbers.
    func createNumbers(_ contents: [NumberContent], onlyIfEmpty: Bool) async throws -> Int

    /// Applies `change` to the stored content, and increments the version unless nothing changes.
    ///
    /// - Throws: ``InventoryError/versionConflict(current:)`` unless `condition` is true, and
    ///   ``InventoryError/numberExists(id:value:)``.
    func updateNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> RecordedNumber

    /// Returns the deleted number.
    ///
    /// - Throws: ``InventoryError/versionConflict(current:)`` unless `condition` is true.
    @discardableResult
    func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber

    /// The current state; nil if the store does not know it.
    func state() async throws -> StoreStateToken?

    /// Checks that the database has all tables and accepts writes.
    ///
    /// - Throws: ``InventoryError/notWritable(reason:)``, and the errors of ``checkReads()``.
    func checkReadiness() async throws

    /// Checks that the database has all tables and can be read.
    func checkReads() async throws
}

extension NumberStore {
    /// The currencies of all numbers.
    package func listCurrencies() async throws -> [CurrencyCount] {
        try await listCurrencies(NumberFilter()) ?? []
    }
}

/// A number after a write, and the recorded change; nil if nothing changed.
package typealias RecordedNumber = (number: DIDNumber, change: Int64?)

package typealias CurrencyCount = (currency: Currency, count: Int)

package struct InventoryNotEmpty: Error, Equatable {
    package let count: Int

    package init(count: Int) {
        self.count = count
    }
}
