internal import Inventory

/// The names of a table's columns.
struct TableHeader: Sendable {
    enum Column: Sendable, Equatable {
        case id
        case member(NumberContent.Member)
        case ignored
        /// No column of this name exists, which is an error.
        case unknown
        /// The column must be empty.
        case nameless
    }

    /// Bounds the columns that are examined; a number has few members.
    private static let mostColumns = 64

    /// The names up to the last one.
    let names: [String]
    let columns: [Column]
    let priceColumns: [Int]
    let errors: [FieldError]

    init(_ cells: [String], _ options: ImportOptions) {
        let names = Array(cells.prefix((cells.lastIndex { !$0.isEmpty } ?? -1) + 1))
        guard names.count <= Self.mostColumns else {
            let detail =
                "has \(names.count) columns: remove some, because \(Self.mostColumns) are read"
            (self.names, columns, priceColumns) = ([], [], [])
            errors = [FieldError(field: nil, detail: detail)]
            return
        }
        let ignored = Set(options.ignored.map { Array($0.foldedName.utf8) })
        let columns = names.map { name in
            let keys = name.keys
            return ignored.isDisjoint(with: keys)
                ? options.assigned.first { keys.contains(Array($0.name.foldedName.utf8)) }?.column
                    ?? Column(name.foldedName)
                : .ignored
        }
        let isHeader =
            columns.contains { $0.memberName != nil } || !names.contains(where: \.isLikeData)
        (self.names, self.columns) = isHeader ? (names, columns) : ([], [])
        priceColumns = columns.indices.filter { columns[$0].member?.price != nil }
        errors = Self.errors(in: names, columns, options)
    }

    var hasMembers: Bool { columns.contains { $0.memberName != nil } }
    /// Whether the row is probably a header, even if it has errors.
    var hasSeveralMembers: Bool { columns.count { $0.memberName != nil } > 1 }

    func names(of column: Column) -> [String] {
        zip(names, columns).filter { $1 == column }.map(\.0)
    }

    /// Messages about what a client may not expect.
    var notes: [String] {
        let ignored = names(of: .ignored).map(\.shortened).joined(separator: ", ")
        let others = zip(names, columns).compactMap { name, column in
            column != Column(name.foldedName)
                || column == .member(.monthyPrice)
                    && name.isOtherSpelling
                ? column.memberName.map { "The column \(name.shortened) was read as \($0)." } : nil
        }
        let ids = names(of: .id).filter { !$0.hasSameBytes(as: "id") }.map {
            "The column \($0.shortened) was read as id: its rows change the numbers with these ids."
        }
        return others + ids + (ignored.isEmpty ? [] : ["Columns that were not read: \(ignored)."])
    }
}

extension TableHeader.Column {
    /// - Parameter name: A folded name.
    init(_ name: String) {
        if name.isEmpty {
            self = .nameless
        } else if name.hasSameBytes(as: "id") {
            self = .id
        } else {
            self = NumberContent.Member(foldedName: name).map { .member($0) } ?? .unknown
        }
    }

    var member: NumberContent.Member? {
        if case .member(let member) = self { member } else { nil }
    }

    /// The name of the column's cells in JSON.
    var memberName: String? { self == .id ? "id" : member?.rawValue }
}

extension NumberContent.Member {
    /// The member that a column of another name probably has: the beginning of a name is in it, as
    /// in `Setup fee` or `Monthly price (EUR)`.
    static func probable(for name: String) -> Self? {
        guard name.utf8.count <= 64 else { return nil }
        let folded = name.foldedName
        let beginnings =
            allCases.map { ($0, String($0.rawValue.lowercased().prefix(5))) } + [(.value, "numbe")]
        return beginnings.first { folded.contains($0.1) }?.0
            ?? name.closest(among: names).flatMap { Self(rawValue: $0) }
    }

    /// Reads a folded name of the member, or of the label that the console shows for it.
    fileprivate init?(foldedName name: String) {
        let labels = ["number": Self.value, "monthlyprice": .monthyPrice]
        guard name.utf8.count <= 64,
            let member = labels[name]
                ?? Self.allCases.first(where: { $0.rawValue.lowercased() == name })
        else { return nil }
        self = member
    }
}

extension String {
    /// Whether the name of the monthly price is neither the contract's nor the console's.
    fileprivate var isOtherSpelling: Bool {
        !["monthyprice", "monthly price"].contains(lowercased())
    }

    /// The names with which options find the column, folded: messages show a long one shortened.
    /// They are bytes, because hashing a client's text may be slow.
    var keys: [[UInt8]] {
        [Array(foldedName.utf8), Array(shortened.foldedName.utf8)]
    }

    /// Whether the text begins like a phone number or a price, as names of columns do not.
    var isLikeData: Bool { utf8.first.map { $0.isDigit || $0 == UInt8(ascii: "+") } == true }

    /// The name in a message, as an option can have it: a comma would separate two names.
    var listedName: String { shortened.replacing(",", with: "") }

    /// The name in lower case, without blanks, invisible characters and ASCII punctuation except %:
    /// a percentage is another column.
    var foldedName: String {
        let kept = unicodeScalars.filter { scalar in
            let properties = scalar.properties
            return properties.isAlphabetic || properties.numericType != nil || scalar == "%"
                || !scalar.isASCII && !properties.isWhitespace
                    && properties.generalCategory != .format
        }
        return kept.isEmpty ? self : String(String.UnicodeScalarView(kept)).lowercased()
    }
}
