internal import Inventory
internal import JSON

/// The parameters of a list of numbers.
struct NumberList: ListQuery {
    static let parameterNames =
        Paging.parameterNames + NumberQuery.parameterNamesWithoutPage + ["include"]
    static let aliases = ParameterAliases.names

    let query: NumberQuery
    let includesVersion: Bool
    var paging: Paging { query.paging }

    private enum Addition: String, CaseIterable {
        case version
    }

    init(_ parameters: inout ObjectReader) {
        let paging = Paging(&parameters)
        var query = NumberQuery(&parameters)
        query.paging = paging
        // A client that requests ids without a size expects all of them.
        if let ids = query.filter.ids, !parameters.members.contains(where: { $0.name.isOfSize }) {
            query.paging.perPage = max(Paging.defaultPerPage, ids.count)
        }
        self.query = query
        includesVersion = parameters.choice("include", of: Addition.allCases) != nil
    }
}

extension NumberQuery {
    private static let mostIDs = 500

    static let parameterNamesWithoutPage = ["sort"] + NumberFilter.names + ["id"]

    init(_ parameters: inout ObjectReader) {
        self.init()
        sort = parameters.sortKeys()
        filter = parameters.withoutBlanks { filled in
            var filter = NumberFilter(&filled)
            filter.prefix =
                filled.read("value", example: "+55 84 91234-4321") { text throws(InvalidValue) in
                    try DigitPrefix(text, isWhole: true)
                } ?? filter.prefix
            return filter
        }
        filter.ids = parameters.read("id", Self.ids)
    }

    private static func ids(_ text: String) throws(InvalidValue) -> [Int64] {
        let items = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard items.count <= mostIDs else {
            throw InvalidValue("has \(items.count) ids; send at most \(mostIDs)")
        }
        let ids = items.compactMap { item in
            item.allSatisfy(\.isDigit) ? Int64(Substring(item)) : nil
        }
        guard ids.count == items.count, !ids.contains(0) else {
            throw InvalidValue("must be ids such as 1,2,3")
        }
        return ids
    }
}

extension ObjectReader {
    /// Reads without blank values: a form sends one for an empty field, which must not filter.
    mutating func withoutBlanks<Value>(_ read: (inout ObjectReader) -> Value) -> Value {
        var filled = ObjectReader(
            members: members.filter { member in
                if case .string(let text) = member.value {
                    !text.trimmingBlanks().isEmpty
                } else {
                    true
                }
            })
        let value = read(&filled)
        for error in filled.errors { note(error.field, error.detail) }
        return value
    }

    /// The keys of `sort`; `order`, if it is present, has the direction of each.
    fileprivate mutating func sortKeys() -> [SortKey] {
        let errorCount = errors.count
        let keys = read("sort", SortKey.list) ?? []
        guard errors.count == errorCount else { return [] }
        return read("order") { text throws(InvalidValue) in
            let directions = text.lowercased().split(separator: ",")
            guard directions.allSatisfy({ $0 == "asc" || $0 == "desc" }) else {
                throw InvalidValue("must be asc or desc for each column of _sort")
            }
            guard directions.count <= keys.count, !keys.contains(where: \.isDescending) else {
                throw InvalidValue("needs _sort with as many columns, without -")
            }
            return keys.enumerated().map { index, key in
                index < directions.count && directions[index] == "desc" ? key.reversed : key
            }
        } ?? keys
    }
}

extension String {
    fileprivate var isOfSize: Bool { ["perPage", "end"].contains(self) }
}
