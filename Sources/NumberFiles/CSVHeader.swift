internal import Inventory
internal import JSON

/// The first line of a table, which names the members that stand in its columns.
struct CSVHeader {
    /// More columns than this are not looked at: a number has few members.
    private static let mostColumns = 64

    private struct Column {
        let name: String
        let isID: Bool
        let hasDecimalComma: Bool
    }

    private let columns: [Column]

    var columnCount: Int { columns.count }

    /// What is wrong where a table has no header.
    static let missing = Fault(
        field: nil,
        detail: "has no header: the first line must name \(names.joined(separator: ", "))")

    private static let names = NumberContent.Member.allCases.map(\.rawValue)

    /// - Parameter isWhole: Whether all members of a number must be named.
    /// - Throws: ``InventoryError/invalid(_:)``.
    init(
        _ cells: [String], separator: CSVStyle.Separator, isWhole: Bool
    ) throws(InventoryError) {
        guard cells.count <= Self.mostColumns else {
            let detail = "has \(cells.count) columns: \(Self.mostColumns) at most"
            throw .invalid([Fault(field: nil, detail: detail)])
        }
        let names = cells.map { $0.utf8.count <= 64 ? $0.trimmingBlanks() : $0 }
        // Where nothing looks like a name, the first line is one of numbers.
        guard names.contains(where: { $0.closest(among: Self.names) != nil }) else {
            throw .invalid([Self.missing])
        }
        let faults = NumberPatch.faults(ofMembers: names, isWhole: isWhole)
        guard faults.isEmpty else { throw .invalid(faults) }
        columns = names.map { name in
            let isPrice = NumberContent.Member(rawValue: name)?.price != nil
            return Column(
                name: name, isID: name == "id",
                hasDecimalComma: separator == .semicolon && isPrice)
        }
    }

    /// What a row says, which has as many cells as there are columns.
    func members(in cells: [String]) -> ObjectInput {
        var members: [(name: String, value: JSONValue)] = []
        members.reserveCapacity(columns.count)
        for (column, text) in zip(columns, cells) {
            // A number that is new in a table of numbers with ids has none.
            if column.isID, text.isEmpty { continue }
            members.append((column.name, .string(Self.value(of: text, in: column))))
        }
        return ObjectInput(members: members)
    }

    private static func value(of text: String, in column: Column) -> String {
        let text = text.withoutFormulaGuard
        guard column.hasDecimalComma, text.utf8.count <= 64, text.isASCII,
            !text.utf8.contains(UInt8(ascii: "."))
        else { return text }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        return parts.count == 2 ? parts.joined(separator: ".") : text
    }
}
