package import Inventory
internal import Storage
internal import Threads

extension SQLiteStore {
    private static let exportBatchSize = 1000

    package func listNumbers(_ query: NumberQuery) async throws -> Page<DIDNumber> {
        try await transaction(.snapshot) { db in try db.page(query) }
    }

    package func exportNumbers(
        _ query: NumberQuery, firstWithin: Duration?, _ body: ([DIDNumber]) throws -> Void
    ) throws {
        do {
            try file?.check()
            let deadline = firstWithin.map { ContinuousClock.now + $0 }
            var hasBegun = false
            try longReadConnection().read { db in
                try db.interrupting(if: { !hasBegun && deadline.map { $0 <= .now } == true }) {
                    try query.forEachBatch(in: db, size: Self.exportBatchSize) { numbers in
                        hasBegun = true
                        try body(numbers)
                    }
                }
            }
        } catch {
            throw forClients(error)
        }
    }

    package func createNumber(
        _ content: NumberContent, by author: Author,
        once request: IdempotentRequest<RecordedNumber>?
    ) async throws -> RecordedNumber {
        try await transaction(.write) { db in
            try db.perform(request) {
                let number = try db.mappingDuplicates(of: content.value) { try db.create(content) }
                let entry = try db.record(.created(number), as: .create, by: author)
                return RecordedNumber(number: number, change: entry.change)
            }
        }
    }

    package func state() async throws -> StoreStateToken? {
        try lookUp { _, version in version.map { StoreStateToken(String($0)) } } ?? nil
    }

    package func checkReadiness() async throws {
        try await checkReads()
        try await probe.check {
            // A failed large change may leave a write-ahead log that fills the disk, so checkpoint
            // it before the write.
            try await readers.run(before: .now + Self.waitTimeout) { try foldLog() }
            try await StoreMetrics.$countsFailures.withValue(false) {
                try await transaction(.write, Self.writePage)
            }
        }
        try await transaction(.query) { _ in try file?.checkSpace() }
    }

    package func checkReads() async throws {
        do {
            try await transaction(.snapshot) { db in
                for table in Schema.tables { _ = try db.count("SELECT 1 FROM \(table) LIMIT 1") }
            }
        } catch let error as SQLiteError {
            throw InventoryError.unavailable(reason: error)
        }
    }
}
