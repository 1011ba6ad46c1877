/// The header `Link` of one page among others (RFC 8288).
struct PageLinks {
    /// From 1.
    let page: Int
    let lastPage: Int

    init(page: Int, perPage: Int, total: Int) {
        self.page = page
        lastPage = max(1, (total + perPage - 1) / perPage)
    }

    /// - Parameter address: The address of the page with a number.
    func header(_ address: (Int) -> String) -> String {
        var links = [(page: 1, relation: "first")]
        if page > 1 { links.append((min(page - 1, lastPage), "prev")) }
        if page < lastPage { links.append((page + 1, "next")) }
        links.append((lastPage, "last"))
        return links.map { "<\(address($0.page))>; rel=\"\($0.relation)\"" }.joined(separator: ", ")
    }
}
