internal import Inventory

extension Paging {
    static let parameterNames = ["page", "perPage"]

    /// Reads which page of a list is asked for.
    init(_ parameters: inout QueryParameters) {
        let page = parameters.read("page") { text throws(InvalidValue) in
            guard !text.isEmpty, text.isOfDigits else {
                throw InvalidValue("must be a whole number from 1")
            }
            guard let page = Int(text) else { throw InvalidValue("is too large") }
            guard page >= 1 else { throw InvalidValue("must be a whole number from 1") }
            return page
        }
        let perPage = parameters.read("perPage") { text throws(InvalidValue) in
            let range = Paging.perPageRange
            guard text.isOfDigits, let perPage = Int(text), range.contains(perPage) else {
                throw InvalidValue("must be from \(range.lowerBound) to \(range.upperBound)")
            }
            return perPage
        }
        self.init(page: page ?? 1, perPage: perPage ?? Self.defaultPerPage)
    }
}

extension String {
    fileprivate var isOfDigits: Bool { utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
