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
        do {
            return try SortKey.list(text)
        } catch {
            throw Problem.invalidParameter(error.description)
        }
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
