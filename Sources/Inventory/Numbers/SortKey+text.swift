extension SortKey {
    /// The most bytes of a list: all columns take less.
    private static let longestList = 256

    /// Reads columns that are separated by commas, with a `-` before each that descends.
    ///
    /// - Throws: ``InvalidValue`` with what is wrong, for a person.
    package static func list(_ text: String) throws(InvalidValue) -> [SortKey] {
        let columns = Column.allCases
        let names = columns.map(\.name)
        guard text.utf8.count <= longestList else { throw InvalidValue("is too long") }
        var keys: [SortKey] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isDescending = item.hasPrefix("-")
            let name = String(isDescending ? item.dropFirst() : item)
            guard let column = columns.first(where: { $0.name.hasSameBytes(as: name) }) else {
                throw InvalidValue(unknown: name, among: names, called: "Columns")
            }
            guard !keys.contains(where: { $0.column == column }) else {
                throw InvalidValue("must name \(name) once only")
            }
            keys.append(SortKey(column, descending: isDescending))
        }
        return keys
    }
}
