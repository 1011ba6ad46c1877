import Inventory
import Synchronization

/// Rows that are handed out a few at a time, as a file's reader does.
final class RowSource: Sendable {
    private let batchCount: Int
    private let rest: Mutex<ArraySlice<ImportRow>>

    init(_ rows: [ImportRow], batchCount: Int = 3) {
        self.batchCount = batchCount
        rest = Mutex(rows[...])
    }

    func next() -> [ImportRow] {
        rest.withLock { rest in
            defer { rest = rest.dropFirst(batchCount) }
            return Array(rest.prefix(batchCount))
        }
    }
}
