internal import Hummingbird
internal import Inventory
internal import JSON

extension Response {
    /// A page of a list, with its total, its links and its tag.
    init<Element>(
        _ page: Page<Element>, _ paging: Paging, _ parameters: QueryParameters,
        of request: Request, json: (Element) -> JSONValue
    ) {
        let links = PageLinks(paging, total: page.total)
        self.init(
            page: JSONValue.array(page.elements.map(json)).text, total: page.total,
            links: links.header(request.pageAddress(request.uri.path, parameters)))
    }
}
