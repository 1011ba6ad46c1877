import Dispatch
import Foundation
import Inventory
import JSON
import StoreTesting
import Synchronization
import Testing

extension NumberStore {
    /// Creates a number with these last digits, as the tester.
    @discardableResult
    func create(_ lastDigits: String) async throws -> RecordedNumber {
        try await createNumber(try NumberContent("+55 84 91234-\(lastDigits)"), by: .tester)
    }

    /// How many numbers match.
    func count(search: String? = nil, currency: Currency? = nil) async throws -> Int {
        let filter = NumberFilter(search: search.map { Search($0) } ?? .all, currency: currency)
        return try await listNumbers(NumberQuery(filter: filter)).total
    }
}

extension ChangeStore {
    func changeCount() async throws -> Int {
        try await listChanges(ChangeQuery()).total
    }

    @discardableResult
    func undo(_ id: Int64?) async throws -> Change {
        try await undoChange(try #require(id), by: .tester)
    }

    /// Imports some rows.
    func importNumbers(
        _ mode: ImportMode, isDryRun: Bool = false, _ rows: [ImportRow]
    ) async throws -> ImportReport {
        try await importNumbers(mode, isDryRun: isDryRun, by: .tester, StagedRows(rows))
    }
}

extension StagedRows {
    /// Batches of a few rows; the reader of a file makes larger ones.
    init(_ rows: [ImportRow], batchSize: Int = 3) {
        let starts = Array(stride(from: 0, to: rows.count, by: batchSize))
        self.init(batchCount: starts.count) { Array(rows[starts[$0]...].prefix(batchSize)) }
    }
}

extension ImportRow {
    /// A row with the members that are not nil.
    static func row(
        _ line: Int, _ value: String?, id: Int64? = nil, monthyPrice: String? = "0.03",
        setupPrice: String? = "3.40", currency: String? = "U$"
    ) -> ImportRow {
        let members = [
            ("value", value), ("monthyPrice", monthyPrice), ("setupPrice", setupPrice),
            ("currency", currency),
        ].compactMap { name, text in text.map { (name: name, value: JSONValue.string($0)) } }
        do {
            let reader = ObjectReader(members: members)
            return .number(
                line: line, id: id, patch: try NumberPatch(reader, numberCheck: .possible))
        } catch {
            return .invalid(line: line, [FieldError(field: nil, detail: "\(error)")])
        }
    }
}

extension Author {
    /// An author at `second` seconds after a fixed time.
    static func named(_ username: String, second: Int) -> Author {
        Author(
            username: username,
            at: Date(timeIntervalSince1970: 1_800_000_000 + TimeInterval(second) + 0.007))
    }
}

/// Makes many attempts at the same time and returns their outcomes, in no order.
///
/// - Throws: The first error of an attempt: an attempt that may fail returns that instead.
func race<Outcome: Sendable>(
    _ count: Int, _ attempt: @escaping @Sendable (Int) async throws -> Outcome
) async throws -> [Outcome] {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
        for index in 0..<count { group.addTask { try await attempt(index) } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}

/// The error of `body` as text, such as "noSuchNumber(id: 42)"; "none" if there is none.
func failure<Value>(_ body: () async throws -> Value) async -> String {
    do {
        _ = try await body()
        return "none"
    } catch {
        return "\(error)"
    }
}

/// Waits until the condition is true; a machine may be slow.
func until(_ condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try !condition() {
        try #require(ContinuousClock.now < end, "The condition is still false.")
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// A place in work that blocks its thread until a test lets it continue.
final class Pause: Sendable {
    private let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    private let isOver = DispatchSemaphore(value: 0)

    /// Called by the work.
    func reach() {
        arrival.yield()
        isOver.wait()
    }

    /// Returns once the work has reached the place.
    func isReached() async {
        for await _ in arrivals { return }
    }

    func end() { isOver.signal() }
}

/// Counts events of several threads.
final class SharedCount: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    @discardableResult
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
