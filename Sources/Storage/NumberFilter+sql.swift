package import Inventory

/// A WHERE clause, and the values of its parameters.
package struct SQLCondition {
    private var terms: [String] = []
    package private(set) var values: [StoredValue] = []

    package var sql: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }

    /// Returns the clause so far, and begins another one of the same statement.
    mutating func endClause() -> String {
        defer { terms = [] }
        return sql
    }

    package mutating func add(_ term: String) { terms.append(term) }

    /// Adds a value, and returns its placeholder in the SQL, such as `$1`.
    package mutating func parameter(_ value: StoredValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    package var window: String { "LIMIT $\(values.count + 1) OFFSET $\(values.count + 2)" }
}

extension PageRange {
    package var limitAndOffset: [StoredValue] {
        [.integer(Int64(limit)), .integer(Int64(skipped))]
    }
}

extension NumberFilter {
    /// - Parameter start: The statement's clauses before this one.
    /// - Parameter term: Returns the condition that a column satisfies the test.
    /// - Parameter write: Returns the condition of a search for any of the texts; nil to add none.
    package func condition(
        after start: SQLCondition = SQLCondition(),
        term: (_ column: String, _ test: String) -> String = { "\"\($0)\" \($1)" },
        search write: (_ texts: [String], inout SQLCondition) -> String? = Self.isLike
    ) -> SQLCondition {
        var condition = start
        if let ids { condition.add("id IN (\(ids.map(String.init).joined(separator: ", ")))") }
        if let currency {
            let parameter = condition.parameter(.text(currency.symbol))
            condition.add(term("currency", "= \(parameter)"))
        }
        for (member, range) in priceRanges {
            let bounds = [range.lowerBound, range.upperBound].map {
                condition.parameter(.integer($0.tenThousandths))
            }
            condition.add(term(member.rawValue, "BETWEEN \(bounds[0]) AND \(bounds[1])"))
        }
        if let prefix {
            condition.add(term("digits", ">= \(condition.parameter(.text(prefix.digits)))"))
            condition.add(term("digits", "< \(condition.parameter(.text(prefix.end)))"))
        }
        if let suffix {
            condition.add("digits LIKE \(condition.parameter(.text(suffix.pattern)))")
        }
        switch search {
        case .all: break
        case .nothing: condition.add("FALSE")
        case .digits(let digits, let others):
            if let term = write([digits] + others, &condition) { condition.add(term) }
        }
        return condition
    }

    /// The condition of a search for any of `texts`. It reads all numbers if no trigram index
    /// exists.
    package static func isLike(_ texts: [String], in condition: inout SQLCondition) -> String {
        let terms = texts.map { "digits LIKE \(condition.parameter(.text("%\($0)%")))" }
        return "(" + terms.joined(separator: " OR ") + ")"
    }

    /// The SELECT that counts the matches after the filter's condition is appended. Triggers keep
    /// the counts for each currency in `number_count`.
    package var countSelection: String {
        isOfCurrencyAlone
            ? "SELECT coalesce(sum(count), 0) FROM number_count" : "SELECT count(*) FROM number"
    }
}

extension Search {
    /// Whether an index of trigrams finds the digits: it needs three or more.
    package var hasIndex: Bool {
        switch self {
        case .all: false
        // Other texts have at least seven digits.
        case .digits(let digits, _): digits.utf8.count >= 3
        case .nothing: true
        }
    }
}

extension [SortKey] {
    package var sql: String { sql(usesIndex: true) }

    package func sql(usesIndex: Bool) -> String {
        map { (usesIndex ? "" : "+") + "\"\($0.column.name)\" " + $0.direction }
            .joined(separator: ", ")
    }
}

extension SortKey {
    package var direction: String { isDescending ? "DESC" : "ASC" }
}
