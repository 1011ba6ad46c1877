package import Inventory

/// A column that is read as a member, whatever its name is: `Preis:monthyPrice`.
package struct ColumnAssignment: Sendable {
    let name: String
    let column: TableHeader.Column

    /// Reads a list that a client wrote, separated by commas.
    package static func list(_ text: String) throws(InvalidValue) -> [ColumnAssignment] {
        var list: [ColumnAssignment] = []
        for item in ImportOptions.names(in: text) {
            let new = try ColumnAssignment(item)
            guard
                !list.contains(where: { $0.name.foldedName.hasSameBytes(as: new.name.foldedName) })
            else { throw InvalidValue("names the column \(new.name.shortened) twice") }
            list.append(new)
        }
        return list
    }

    /// The last colon separates the column from the member or from the console's label for it.
    private init(_ text: String) throws(InvalidValue) {
        let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) ?? text.startIndex
        name = text[..<colon].trimmingMarks()
        column = TableHeader.Column(text[colon...].trimmingMarks().foldedName)
        guard !name.isEmpty, column.memberName != nil else {
            throw InvalidValue(
                """
                has \(text.shortened): write a column, a colon and one of \
                \(NumberContent.Member.names.joined(separator: ", ")), such as Preis:monthyPrice
                """)
        }
    }
}
