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

    var changedCount: Int {
        result.flatMap { PQcmdTuples($0) }.flatMap { Int(String(cString: $0)) } ?? 0
    }

    func map<Value>(_ body: (inout PostgresRow) throws -> Value) throws -> [Value] {
        guard let result else { return [] }
        return try (0..<Int32(count)).map { index in
            var row = PostgresRow(result: result, index: index)
            return try body(&row)
        }
    }
}

package struct PostgresRow: StoredRow {
    fileprivate let result: OpaquePointer
    fileprivate let index: Int32
    fileprivate var column: Int32 = 0

    package mutating func text() -> String {
        defer { column += 1 }
        return String(cString: PQgetvalue(result, index, column))
    }

    /// - Throws: ``PostgresError`` if the column has no integer.
    package mutating func integer() throws -> Int64 {
        guard let value = Int64(text()) else {
            throw PostgresError(
                sqlState: "22P02", description: "column \(column - 1) is no integer")
        }
        return value
    }

    package var isNull: Bool { PQgetisnull(result, index, column) == 1 }

    package mutating func skip(_ count: Int) { column += Int32(count) }
}
