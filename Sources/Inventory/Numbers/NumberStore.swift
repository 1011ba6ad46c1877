/// Where the numbers are kept.
///
/// Each method is one transaction: all of it happens, or nothing.
///
/// Every method throws ``InventoryError/unavailable(reason:)`` while the database is away, busy or
/// full, and any other error only where this program is at error. Those that write also throw
/// ``InventoryError/outcomeUnknown(reason:)``.
package protocol NumberStore: Sendable {
    /// The numbers of one page, and how many there are on all; an empty page past the last.
    func listNumbers(_ query: NumberQuery) async throws -> Page<DIDNumber>

    /// The currencies that numbers are priced in, the most frequent first, and then in the order of
    /// their symbols; of very many, the first ``CurrencyCount/most``.
    func listCurrencies() async throws -> [CurrencyCount]

    /// Calls `body` with all numbers of all pages, in their order and batch by batch, as they are at
    /// one moment.
    ///
    /// It blocks the thread that it is called on for as long as `body` takes. Nobody else waits for it,
    /// but the database cannot tidy up what has changed meanwhile, so that it should end in minutes.
    ///
    /// - Parameter firstWithin: How long the first numbers may take to be found: nobody knows before them
    ///   whether the others come quickly. Nil for as long as it takes.
    /// - Throws: ``InventoryError/tooSlow(reason:)`` where those take longer, and what `body` throws.
    func exportNumbers(
        _ query: NumberQuery, firstWithin: Duration?, _ body: ([DIDNumber]) throws -> Void
    ) throws

    /// - Throws: ``InventoryError/noSuchNumber(id:)``.
    func number(_ id: Int64) async throws -> DIDNumber

    /// - Parameter request: Nil if the number is created however often the client asks for it.
    /// - Throws: ``InventoryError/numberExists(id:value:)``, and what
    ///   ``IdempotentRequest/perform(in:_:)`` throws.
    func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber

    /// Creates the numbers that are not there yet, in their order, and returns how many those were.
    ///
    /// It is no change: the inventory is filled so before anybody works with it.
    ///
    /// - Throws: ``InventoryNotEmpty`` where `onlyIfEmpty` and there are numbers.
    func createNumbers(_ contents: [NumberContent], onlyIfEmpty: Bool) async throws -> Int

    /// Changes a number as `change` says, which is given what is stored, and counts its version up;
    /// where `change` leaves it as it is, the version stays.
    ///
    /// - Throws: ``InventoryError/noSuchNumber(id:)``, ``InventoryError/versionConflict(current:)``
    ///   unless `condition` holds, and ``InventoryError/numberExists(id:value:)``.
    func updateNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> RecordedNumber

    /// Returns the number as it was at last.
    ///
    /// - Throws: ``InventoryError/noSuchNumber(id:)`` and
    ///   ``InventoryError/versionConflict(current:)`` unless `condition` holds.
    @discardableResult
    func deleteNumber(
        _ id: Int64, if condition: VersionCondition, by author: Author
    ) async throws -> RecordedNumber

    /// What the store holds now; nil where it cannot tell.
    func state() async throws -> StoreStateToken?

    /// Returns if the database has all tables and takes writes.
    ///
    /// - Throws: ``InventoryError/notWritable(reason:)``, and what ``checkReads()`` throws.
    func checkReadiness() async throws

    /// Returns if the database has all tables and can be read.
    ///
    /// - Throws: ``InventoryError/unavailable(reason:)`` for whatever is wrong with it.
    func checkReads() async throws
}

/// A number that was written.
package struct RecordedNumber: Equatable, Sendable {
    package let number: DIDNumber
    /// The change that tells of it; nil where nothing was changed.
    package let change: Int64?

    package init(number: DIDNumber, change: Int64?) {
        self.number = number
        self.change = change
    }
}

/// The inventory has numbers, and what was asked for is done to an empty one only.
package struct InventoryNotEmpty: Error, Equatable {
    package let count: Int

    package init(count: Int) {
        self.count = count
    }
}
