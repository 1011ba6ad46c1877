internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Inventory
internal import Storage

/// The row that a statement stands at.
struct RowReader: StoredRow {
    private let statement: SQLiteStatement
    private var position: Int32 = 0

    fileprivate init(_ statement: SQLiteStatement) {
        self.statement = statement
    }

    mutating func text() throws -> String {
        defer { position += 1 }
        guard let bytes = sqlite3_column_text(statement, position) else { throw nothing }
        let count = Int(sqlite3_column_bytes(statement, position))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    mutating func integer() throws -> Int64 {
        defer { position += 1 }
        let integer = sqlite3_column_int64(statement, position)
        // What is no number reads as 0 too.
        guard integer != 0 || !isNull else { throw nothing }
        return integer
    }

    var isNull: Bool { sqlite3_column_type(statement, position) == SQLITE_NULL }

    mutating func skip(_ count: Int) { position += Int32(count) }

    private var nothing: DatabaseError {
        DatabaseError(
            resultCode: .SQLITE_MISMATCH, message: "nothing stands in column \(position)")
    }
}

/// What is read from the columns of a row.
protocol RowReadable {
    init(from row: inout RowReader) throws
}

extension RowReadable {
    /// All that `statement` finds with `values` in the places of its parameters.
    static func fetchAll(_ statement: Statement, _ values: [StoredValue] = []) throws -> [Self] {
        var all: [Self] = []
        try statement.forEachRow(values) { row in all.append(try Self(from: &row)) }
        return all
    }

    /// The one that `statement` finds; nil where it finds none.
    static func fetchOne(_ statement: Statement, _ values: [StoredValue] = []) throws -> Self? {
        var one: Self?
        try statement.forEachRow(values) { row in one = try Self(from: &row) }
        return one
    }
}

/// Steps statements as SQLite offers it: GRDB's arguments and rows, and what it looks after for others
/// at each step, take longer than SQLite itself.
extension Statement {
    /// Does it with `values` in the places of its parameters.
    func execute(_ values: [StoredValue]) throws {
        try forEachRow(values) { _ in }
    }

    /// Calls `body` with each row that it finds with `values` in the places of its parameters.
    func forEachRow(
        _ values: [StoredValue] = [], _ body: (inout RowReader) throws -> Void
    ) throws {
        let statement = sqliteStatement
        // While it is not reset, what it reads stays as it is to the whole connection.
        defer { sqlite3_reset(statement) }
        try bind(values)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                var row = RowReader(statement)
                try body(&row)
            case SQLITE_DONE: return
            case let code: throw failure(code)
            }
        }
    }

    private func bind(_ values: [StoredValue]) throws {
        // A parameter that is left out would have the value that it had before.
        guard values.count == sqlite3_bind_parameter_count(sqliteStatement) else {
            throw failure(SQLITE_RANGE)
        }
        for (index, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .text(let text): text.bind(to: sqliteStatement, at: index)
                case .integer(let integer): integer.bind(to: sqliteStatement, at: index)
                case .bytes(let bytes): Data(bytes).bind(to: sqliteStatement, at: index)
                case .null: sqlite3_bind_null(sqliteStatement, index)
                }
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        let connection = sqlite3_db_handle(sqliteStatement)
        return DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: sqlite3_errmsg(connection).map { String(cString: $0) }, sql: sql)
    }
}

extension Int64: RowReadable {
    /// Reads the one column of a row.
    init(from row: inout RowReader) throws { self = try row.integer() }
}

extension DIDNumber: RowReadable {
    /// The names of ``columns``, as SQL lists them.
    static let columnNames = columns.names
}

extension [StoredColumn] {
    /// A question mark for each, separated by commas.
    var marks: String { map { _ in "?" }.joined(separator: ", ") }
}

extension [StoredValue] {
    /// What stands for `LIMIT ? OFFSET ?`.
    static func place(limit: Int, skipped: Int) -> [StoredValue] {
        [.integer(Int64(limit)), .integer(Int64(skipped))]
    }
}
