internal import Inventory

extension QueryParameters {
    /// Which page of a list; nil where that is not said.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter`, as the others do.
    var page: Int? {
        get throws {
            guard let text = self["page"] else { return nil }
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw Problem.invalidParameter("page must be a whole number from 1.")
            }
            guard let page = Int(text) else {
                throw Problem.invalidParameter("page is too large.")
            }
            guard page >= 1 else {
                throw Problem.invalidParameter("page must be a whole number from 1.")
            }
            return page
        }
    }

    /// How many elements a page of a list has; nil where that is not said.
    var perPage: Int? {
        get throws {
            guard let text = self["perPage"] else { return nil }
            let range = Paging.perPageRange
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let perPage = Int(text),
                range.contains(perPage)
            else {
                throw Problem.invalidParameter(
                    "perPage must be from \(range.lowerBound) to \(range.upperBound).")
            }
            return perPage
        }
    }
}
