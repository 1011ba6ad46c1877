internal import Inventory

extension NumberQuery {
    static let parameterNames = ["page", "perPage", "sort", "q", "currency"]

    /// Reads the parameters of a list.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter`.
    init(_ parameters: QueryParameters) throws {
        self.init(
            page: try parameters["page"].map(Self.page) ?? 1,
            perPage: try parameters["perPage"].map(Self.perPage) ?? Self.defaultPerPage,
            sort: try parameters["sort"].map(Self.sort) ?? [],
            search: Search(parameters["q"] ?? ""),
            currency: try parameters["currency"].flatMap(Self.currency))
    }

    private static func page(_ text: String) throws -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Problem.invalidParameter("page must be a whole number from 1.")
        }
        guard let page = Int(text) else { throw Problem.invalidParameter("page is too large.") }
        guard page >= 1 else {
            throw Problem.invalidParameter("page must be a whole number from 1.")
        }
        return page
    }

    private static func perPage(_ text: String) throws -> Int {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let perPage = Int(text),
            perPageRange.contains(perPage)
        else {
            throw Problem.invalidParameter(
                "perPage must be from \(perPageRange.lowerBound) to \(perPageRange.upperBound).")
        }
        return perPage
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
