internal import Inventory
internal import JSON

/// The first line of a table, which names the members that stand in its columns.
struct CSVHeader {
    /// More columns than this are not looked at: a number has few members.
    private static let mostColumns = 64

    private struct Column {
        let name: String
        let isID: Bool
    }

    private let columns: [Column]

    var columnCount: Int { columns.count }

    /// The indices of the columns that have prices.
    let priceColumns: [Int]

    /// What is wrong where a table has no header.
    static let missing = FieldError(
        field: nil,
        detail: "has no header: the first line must name \(names.joined(separator: ", "))")

    private static let names = NumberContent.Member.allCases.map(\.rawValue)

    /// - Parameter isWhole: Whether all members of a number must be named.
    /// - Throws: ``InventoryError/invalid(_:)``.
    init(_ cells: [String], isWhole: Bool) throws(InventoryError) {
        guard cells.count <= Self.mostColumns else {
            let detail = "has \(cells.count) columns: \(Self.mostColumns) at most"
            throw .invalid([FieldError(field: nil, detail: detail)])
        }
        let names = cells.map { $0.utf8.count <= 64 ? $0.trimmingBlanks() : $0 }
        // Where nothing looks like a name, the first line is one of numbers.
        guard names.contains(where: { $0.closest(among: Self.names) != nil }) else {
            throw .invalid([Self.missing])
        }
        let errors = NumberPatch.errors(ofMembers: names, isWhole: isWhole)
        guard errors.isEmpty else { throw .invalid(errors) }
        columns = names.map { Column(name: $0, isID: $0 == "id") }
        priceColumns = names.indices.filter {
            NumberContent.Member(rawValue: names[$0])?.price != nil
        }
    }

    /// What a row says, which has as many cells as there are columns.
    func members(in cells: [String]) -> ObjectInput {
        var members: [(name: String, value: JSONValue)] = []
        members.reserveCapacity(columns.count)
        for (column, text) in zip(columns, cells) {
            // A number that is new in a table of numbers with ids has none.
            if column.isID, text.isEmpty { continue }
            members.append((column.name, .string(text.withoutFormulaGuard)))
        }
        return ObjectInput(members: members)
    }
}
