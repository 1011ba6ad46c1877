package struct SortKey: Equatable, Sendable {
    package enum Column: Hashable, CaseIterable, Sendable {
        case id
        case member(NumberContent.Member)

        package static let allCases =
            [Column.id] + NumberContent.Member.allCases.map(Column.member)

        var isUnique: Bool { self == .id || self == .member(.value) }

        /// The name in the API.
        package var name: String {
            switch self {
            case .id: "id"
            case .member(let member): member.rawValue
            }
        }
    }

    package let column: Column
    package let isDescending: Bool

    package init(_ column: Column, descending: Bool = false) {
        self.column = column
        isDescending = descending
    }

    package var reversed: SortKey { SortKey(column, descending: !isDescending) }
}

extension SortKey {
    /// Bounds the bytes of a list; all columns together have fewer.
    private static let longestList = 256

    /// Reads column names separated by commas, each with a `-` before it if it is descending.
    package static func list(_ text: String) throws(InvalidValue) -> [SortKey] {
        let columns = Column.allCases
        guard text.utf8.count <= longestList else { throw InvalidValue("is too long") }
        var keys: [SortKey] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isDescending = item.hasPrefix("-")
            let name = String(isDescending ? item.dropFirst() : item)
            guard let column = columns.first(where: { $0.name.hasSameBytes(as: name) }) else {
                throw otherForm(text)
                    ?? InvalidValue(unknown: name, among: columns.map(\.name), called: "Columns")
            }
            guard !keys.contains(where: { $0.column == column }) else {
                throw InvalidValue("must name \(name) once only")
            }
            keys.append(SortKey(column, descending: isDescending))
        }
        return keys
    }

    /// The error of a list in the form of another API, such as `value:desc` or `["value","ASC"]`;
    /// nil if `text` is no such list.
    private static func otherForm(_ text: String) -> InvalidValue? {
        let words = text.split { !$0.isLetter }
        let directions = ["asc", "desc", "ascending", "descending"]
        guard words.contains(where: { directions.contains($0.lowercased()) }),
            let column = Column.allCases.map(\.name).first(where: { name in
                words.contains { $0.hasSameBytes(as: name) }
            })
        else { return nil }
        return InvalidValue(
            "must have the form sort=\(column), or sort=-\(column) for descending order")
    }
}
