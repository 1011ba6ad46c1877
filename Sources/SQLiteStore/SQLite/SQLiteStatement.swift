internal import CSQLite
internal import Storage

final class SQLiteStatement {
    private let handle: OpaquePointer
    private let sql: String

    /// - Parameter isCached: Whether the statement lives as long as the connection.
    init(_ sql: String, isCached: Bool, on connection: OpaquePointer?) throws {
        var handle: OpaquePointer?
        let flags = isCached ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let code = sqlite3_prepare_v3(connection, sql, -1, flags, &handle, nil)
        guard code == SQLITE_OK, let handle else {
            throw SQLiteError(code, on: connection, sql: sql)
        }
        self.handle = handle
        self.sql = sql
    }

    deinit {
        sqlite3_finalize(handle)
    }

    func execute(_ values: [StoredValue] = []) throws {
        try forEachRow(values) { _ in }
    }

    func forEachRow(
        _ values: [StoredValue] = [], _ body: (inout SQLiteRow) throws -> Void
    ) throws {
        // Reset the statement immediately: until then, the connection keeps its snapshot.
        defer { sqlite3_reset(handle) }
        try bind(values)
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                var row = SQLiteRow(statement: handle)
                try body(&row)
            case SQLITE_DONE: return
            case let code: throw error(code)
            }
        }
    }

    private func bind(_ values: [StoredValue]) throws {
        // If a value is missing, SQLite silently uses the value of the previous execution.
        guard values.count == sqlite3_bind_parameter_count(handle) else {
            throw SQLiteError(SQLITE_RANGE, sql: sql)
        }
        for (index, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .text(var text):
                    text.withUTF8 { utf8 in
                        utf8.withMemoryRebound(to: CChar.self) { bytes in
                            csqlite_bind_text(handle, index, bytes.baseAddress, Int32(bytes.count))
                        }
                    }
                case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
                case .bytes(let bytes):
                    csqlite_bind_blob(handle, index, bytes, Int32(bytes.count))
                case .null: sqlite3_bind_null(handle, index)
                }
            guard code == SQLITE_OK else { throw error(code) }
        }
    }

    private func error(_ code: Int32) -> SQLiteError {
        SQLiteError(code, on: sqlite3_db_handle(handle), sql: sql)
    }
}

/// The current row of a statement.
package struct SQLiteRow: StoredRow {
    fileprivate let statement: OpaquePointer
    fileprivate var column: Int32 = 0

    package mutating func text() throws -> String {
        defer { column += 1 }
        guard let bytes = sqlite3_column_text(statement, column) else { throw isNullError }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    package mutating func integer() throws -> Int64 {
        defer { column += 1 }
        let integer = sqlite3_column_int64(statement, column)
        // SQLite reads NULL as 0.
        guard integer != 0 || !isNull else { throw isNullError }
        return integer
    }

    package var isNull: Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    package mutating func skip(_ count: Int) { column += Int32(count) }

    private var isNullError: SQLiteError {
        SQLiteError(SQLITE_MISMATCH, "column \(column) is NULL")
    }
}
