internal import Inventory

extension NumberQuery {
    static let parameterNames = ["page", "perPage", "sort", "q", "currency"]

    /// Reads the parameters of a list.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter`.
    init(_ parameters: QueryParameters) throws {
        self.init(
            page: try parameters.page ?? 1,
            perPage: try parameters.perPage ?? Self.defaultPerPage,
            sort: try parameters["sort"].map(Self.sort) ?? [],
            search: Search(parameters["q"] ?? ""),
            currency: try parameters["currency"].flatMap(Self.currency))
    }

    private static func sort(_ text: String) throws -> [SortKey] {
        let columns = SortKey.Column.allCases
        guard text.utf8.count <= 256 else { throw Problem.invalidParameter("sort is too long.") }
        var keys: [SortKey] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isDescending = item.hasPrefix("-")
            let name = String(isDescending ? item.dropFirst() : item)
            guard let column = columns.first(where: { $0.name.hasSameBytes(as: name) }) else {
                let names = columns.map(\.name)
                let hint = name.closest(among: names).map { " Did you mean \($0)?" } ?? ""
                throw Problem.invalidParameter(
                    "Cannot sort by \(name.isEmpty ? "nothing" : name.shortened).\(hint)"
                        + " Columns: \(names.joined(separator: ", ")).")
            }
            guard !keys.contains(where: { $0.column == column }) else {
                throw Problem.invalidParameter("sort must name \(name) once only.")
            }
            keys.append(SortKey(column, descending: isDescending))
        }
        return keys
    }

    /// The currency, or nil for all of them, which a front end's choice "all" sends as an empty text.
    private static func currency(_ text: String) throws -> Currency? {
        guard !text.trimmingBlanks().isEmpty else { return nil }
        do {
            return try Currency(text)
        } catch {
            throw Problem.invalidParameter("currency \(error.reason).")
        }
    }
}
