internal import Inventory

/// The header `Link` of a page of a list, which leads to its neighbours (RFC 8288).
struct PageLinks {
    /// The number of the page, from 1; it may be beyond the last.
    let page: Int
    let lastPage: Int

    init(_ paging: Paging, total: Int) {
        page = paging.page
        lastPage = max(1, (total + paging.perPage - 1) / paging.perPage)
    }

    /// - Parameter address: Makes the address of the page with a number.
    func header(_ address: (Int) -> String) -> String {
        var links = [(page: 1, relation: "first")]
        if page > 1 { links.append((min(page - 1, lastPage), "prev")) }
        if page < lastPage { links.append((page + 1, "next")) }
        links.append((lastPage, "last"))
        return links.map { "<\(address($0.page))>; rel=\"\($0.relation)\"" }.joined(separator: ", ")
    }
}
