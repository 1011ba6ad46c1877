/// A column of a table, by its name, with what it holds.
///
/// Two kinds suffice; a store knows how its database calls them.
package enum StoredColumn: Equatable, Sendable {
    case text(String)
    case integer(String)

    package var name: String {
        switch self {
        case .text(let name), .integer(let name): name
        }
    }

    /// The same kind of column, with `prefix` before its name.
    package func prefixed(_ prefix: String) -> StoredColumn {
        switch self {
        case .text(let name): .text(prefix + name)
        case .integer(let name): .integer(prefix + name)
        }
    }
}

extension [StoredColumn] {
    /// The names in double quotes, separated by commas, as SQL lists them.
    package var names: String { map { "\"\($0.name)\"" }.joined(separator: ", ") }

    /// The same with the name of their table.
    package func names(of table: String) -> String {
        map { "\(table).\"\($0.name)\"" }.joined(separator: ", ")
    }
}

/// What stands in a column of one row.
package enum StoredValue: Equatable, Sendable {
    case text(String)
    case integer(Int64)
    /// Nothing.
    case null
}

/// A row that a store has found, whose columns are read one after the other, each once.
package protocol StoredRow {
    mutating func text() throws -> String
    mutating func integer() throws -> Int64
    /// Whether nothing stands in the column that is read next.
    var isNull: Bool { get }
    /// Leaves out the next columns.
    mutating func skip(_ count: Int)
}

extension StoredRow {
    /// Returns nil if the column is NULL.
    package mutating func optionalInteger() throws -> Int64? {
        guard isNull else { return try integer() }
        skip(1)
        return nil
    }

    /// Returns nil if the column is NULL.
    package mutating func optionalText() throws -> String? {
        guard isNull else { return try text() }
        skip(1)
        return nil
    }
}
