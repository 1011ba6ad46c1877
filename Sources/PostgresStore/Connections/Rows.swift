internal import CLibPQ
internal import Storage

/// The result of a query, in PostgreSQL's text form.
final class Rows {
    private let result: OpaquePointer?

    init(_ result: OpaquePointer?) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    var count: Int { result.map { Int(PQntuples($0)) } ?? 0 }

    /// How many rows the statement changed.
    var changedCount: Int {
        result.flatMap { PQcmdTuples($0) }.flatMap { Int(String(cString: $0)) } ?? 0
    }

    func map<Value>(_ body: (Row) throws -> Value) throws -> [Value] {
        guard let result else { return [] }
        return try (0..<count).map { try body(Row(result: result, index: Int32($0))) }
    }

    func first<Value>(_ body: (Row) throws -> Value) throws -> Value? {
        guard let result, count > 0 else { return nil }
        return try body(Row(result: result, index: 0))
    }
}

/// A row, whose columns are read by position.
struct Row {
    fileprivate let result: OpaquePointer
    fileprivate let index: Int32

    func isNull(_ column: Int32) -> Bool {
        PQgetisnull(result, index, column) == 1
    }

    func text(_ column: Int32) -> String {
        String(cString: PQgetvalue(result, index, column))
    }

    /// - Throws: ``PostgresError`` if the column has no integer.
    func integer(_ column: Int32) throws -> Int64 {
        guard let value = Int64(text(column)) else {
            throw PostgresError(
                sqlState: "22P02", constraint: nil, description: "column \(column) is no integer")
        }
        return value
    }
}

/// A row, whose columns are read one after the other.
package struct RowReader: StoredRow {
    private let row: Row
    private var position: Int32 = 0

    init(row: Row) {
        self.row = row
    }

    package mutating func text() -> String {
        defer { position += 1 }
        return row.text(position)
    }

    package mutating func integer() throws -> Int64 {
        defer { position += 1 }
        return try row.integer(position)
    }

    package var isNull: Bool { row.isNull(position) }

    package mutating func skip(_ count: Int) { position += Int32(count) }
}
