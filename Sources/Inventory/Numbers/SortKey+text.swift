extension SortKey {
    /// Why a list of columns cannot be read, as a sentence.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    /// The most bytes of a list: all columns take less.
    private static let longestList = 256

    /// Reads columns that are separated by commas, with a `-` before each that descends.
    package static func list(_ text: String) throws(Unreadable) -> [SortKey] {
        let columns = Column.allCases
        guard text.utf8.count <= longestList else {
            throw Unreadable(description: "sort is too long.")
        }
        var keys: [SortKey] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isDescending = item.hasPrefix("-")
            let name = String(isDescending ? item.dropFirst() : item)
            guard let column = columns.first(where: { $0.name.hasSameBytes(as: name) }) else {
                let names = columns.map(\.name)
                let hint = name.closest(among: names).map { " Did you mean \($0)?" } ?? ""
                throw Unreadable(
                    description:
                        "Cannot sort by \(name.isEmpty ? "nothing" : name.shortened).\(hint)"
                        + " Columns: \(names.joined(separator: ", ")).")
            }
            guard !keys.contains(where: { $0.column == column }) else {
                throw Unreadable(description: "sort must name \(name) once only.")
            }
            keys.append(SortKey(column, descending: isDescending))
        }
        return keys
    }
}
