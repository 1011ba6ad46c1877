internal import Inventory

/// The name and the type of a column. Each store knows its database's name for the type.
package enum StoredColumn: Equatable, Sendable {
    case text(String)
    case integer(String)

    package var name: String {
        switch self {
        case .text(let name), .integer(let name): name
        }
    }

    package func prefixed(_ prefix: String) -> StoredColumn {
        switch self {
        case .text(let name): .text(prefix + name)
        case .integer(let name): .integer(prefix + name)
        }
    }
}

extension [StoredColumn] {
    package var names: String { map { "\"\($0.name)\"" }.joined(separator: ", ") }

    package var numbered: String { indices.map { "$\($0 + 1)" }.joined(separator: ", ") }

    package func names(of table: String) -> String {
        map { "\(table).\"\($0.name)\"" }.joined(separator: ", ")
    }
}

/// A table, and the columns that an insertion fills.
package struct StoredTable: Sendable {
    package static let number = StoredTable("number", DIDNumber.columns)
    /// Numbers that get their ids from the database.
    package static let newNumber = StoredTable("number", NumberContent.columns)
    package static let change = StoredTable("change", Change.columns)
    package static let changeNumber = StoredTable("change_number", ChangeEntry.columns)

    package let name: String
    package let columns: [StoredColumn]
    package let insertion: String

    package init(_ name: String, _ columns: [StoredColumn]) {
        self.name = name
        self.columns = columns
        insertion = "INSERT INTO \(name) (\(columns.names)) VALUES (\(columns.numbered))"
    }
}

package enum StoredValue: Equatable, Sendable {
    case text(String)
    case integer(Int64)
    case bytes([UInt8])
    case null
}

/// A row of a result, whose columns are read one after the other, each once.
package protocol StoredRow {
    mutating func text() throws -> String
    mutating func integer() throws -> Int64
    /// Whether the next column is NULL.
    var isNull: Bool { get }
    mutating func skip(_ count: Int)
}

extension StoredRow {
    package mutating func count() throws -> Int { Int(try integer()) }

    package mutating func optionalInteger() throws -> Int64? {
        guard isNull else { return try integer() }
        skip(1)
        return nil
    }

    package mutating func optionalText() throws -> String? {
        guard isNull else { return try text() }
        skip(1)
        return nil
    }
}

/// A text in the database that this program does not know, such as an unknown role.
struct UnknownStoredValue: Error {
    let text: String
}
