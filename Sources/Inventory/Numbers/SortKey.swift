/// What numbers are ordered by, and in which direction.
package struct SortKey: Equatable, Sendable {
    /// What a number has that it may be ordered by: its id, and every member of its content.
    package enum Column: Hashable, CaseIterable, Sendable {
        case id
        case member(NumberContent.Member)

        package static let allCases =
            [Column.id] + NumberContent.Member.allCases.map(Column.member)

        /// Whether no two numbers have the same, so that nothing after it decides any more.
        package var isUnique: Bool {
            switch self {
            case .id, .member(.value): true
            case .member: false
            }
        }

        /// The name in the contract.
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

    package init(_ member: NumberContent.Member, descending: Bool = false) {
        self.init(.member(member), descending: descending)
    }

    /// The same key for the opposite order.
    package var reversed: SortKey { SortKey(column, descending: !isDescending) }
}
