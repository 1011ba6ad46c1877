internal import Inventory
internal import JSON

/// The first line of a table, which names the members in its columns.
struct CSVHeader {
    /// Bounds the columns that are examined; a number has few members.
    private static let mostColumns = 64

    static let missing = FieldError(
        field: nil,
        detail: "has no header: the first line must name "
            + NumberContent.Member.names.joined(separator: ", "))

    private let columns: [(name: String, isID: Bool)]
    let priceColumns: [Int]

    var columnCount: Int { columns.count }

    /// - Parameter isWhole: Whether all members of a number must be named.
    init(_ cells: [String], isWhole: Bool) throws(InventoryError) {
        guard cells.count <= Self.mostColumns else {
            throw .invalid(nil, "has \(cells.count) columns: \(Self.mostColumns) at most")
        }
        let names = cells.map { $0.utf8.count <= 64 ? $0.trimmingBlanks() : $0 }
        // If no cell is similar to a member's name, the header is missing.
        guard names.contains(where: { $0.closest(among: NumberContent.Member.names) != nil }) else {
            throw .invalid([Self.missing])
        }
        let errors = NumberPatch.errors(ofMembers: names, isWhole: isWhole)
        guard errors.isEmpty else { throw .invalid(errors) }
        columns = names.map { ($0, $0 == "id") }
        priceColumns = names.indices.filter {
            NumberContent.Member(rawValue: names[$0])?.price != nil
        }
    }

    /// The members of a row with a cell for each column.
    func members(in cells: [String]) -> [(name: String, value: JSONValue)] {
        zip(columns, cells).compactMap { column, text in
            // A table with ids may contain new numbers, whose id is empty.
            guard !column.isID || !text.isEmpty else { return nil }
            return (column.name, .string(FormulaGuard.removed(from: text)))
        }
    }
}
