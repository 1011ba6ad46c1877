import Dispatch
import Foundation
import Inventory
import JSON
import StoreTesting
import Testing

extension NumberStore {
    /// Creates a number with these last digits.
    @discardableResult
    func create(_ lastDigits: String, by author: Author = .tester) async throws -> RecordedNumber {
        try await createNumber(try NumberContent("+55 84 91234-\(lastDigits)"), by: author)
    }

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

    func importNumbers(
        _ mode: ImportMode, isDryRun: Bool = false, _ rows: [ImportRow]
    ) async throws -> ImportReport {
        try await importNumbers(mode, isDryRun: isDryRun, by: .tester, StagedRows(rows))
    }
}

extension StagedRows {
    /// Splits rows into batches of a few; the reader of a file makes larger batches.
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
            let error = FieldError(field: nil, detail: "\(error)")
            return .invalid([ImportError(line: line, error: error)])
        }
    }
}

extension NumberContent {
    /// Consecutive numbers from +5584910000000 with zero prices, made without libphonenumber.
    static func plain(_ count: Int) -> [NumberContent] {
        (0..<count).map { index in
            let digits = "5584\(910_000_000 + index)"
            return NumberContent(
                value: PhoneNumber(storedDigits: digits, formatted: "+" + digits),
                monthyPrice: .zero, setupPrice: .zero, currency: Currency(storedSymbol: "U$"))
        }
    }
}

extension Author {
    /// The author of a change `second` seconds after a fixed time.
    static func named(_ username: String, second: Int) -> Author {
        Author(
            username: username,
            at: Date(timeIntervalSince1970: 1_800_000_000 + TimeInterval(second) + 0.007))
    }
}

/// The error that `body` throws, as text such as "noSuchNumber(id: 42)"; "none" if it throws none.
func failure<Value>(_ body: () async throws -> Value) async -> String {
    do {
        _ = try await body()
        return "none"
    } catch {
        return "\(error)"
    }
}

/// Waits until the condition is true: up to a minute, since a machine may be slow.
func until(_ condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try !condition() {
        try #require(ContinuousClock.now < end, "The condition is still false.")
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// A place at which work blocks its thread until a test calls ``end()``.
final class Pause: Sendable {
    private let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    private let isOver = DispatchSemaphore(value: 0)

    /// The work calls this at the place.
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
