internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

typealias JSONMembers = [(name: String, value: JSONValue)]

extension Response {
    init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], json: JSONValue) {
        self.init(status: status, headers: headers, jsonText: json.text)
    }

    init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], jsonText: [UInt8]) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: jsonText)))
    }
}

extension Request {
    func response(_ json: JSONValue) throws -> Response {
        let text = json.text
        return try notModifiedIfMatching(
            Response(headers: [.eTag: EntityTag(ofContent: text).description], jsonText: text))
    }

    /// Responds with a page of a list, or 304.
    func response<Query: ListQuery, Element>(
        _ json: (Element) -> JSONValue, _ list: (Query) async throws -> Page<Element>
    ) async throws -> Response {
        try await response(text: { JSONValue.array($0.map(json)).text }, list)
    }

    /// - Parameter text: Returns the elements as a JSON array.
    func response<Query: ListQuery, Element>(
        text: ([Element]) -> [UInt8], _ list: (Query) async throws -> Page<Element>
    ) async throws -> Response {
        let (parameters, query) = try parameters(Query.parameterNames) { Query(&$0) }
        let page = try await list(query)
        let text = text(page.elements)
        let tag = EntityTag(ofContent: Array("\(page.total)\n".utf8), text)
        return try notModifiedIfMatching(
            Response(
                headers: [
                    .totalCount: String(page.total),
                    .link: links(total: page.total, query.paging, parameters),
                    .eTag: tag.description,
                ],
                jsonText: text))
    }

    /// The header `Link` of a page of a list (RFC 8288).
    private func links(total: Int, _ paging: Paging, _ parameters: QueryParameters) -> String {
        let lastPage = max(1, (total + paging.perPage - 1) / paging.perPage)
        let page = paging.page
        var links = [(page: 1, relation: "first")]
        // The requested page may be beyond the last one.
        if page > 1 { links.append((min(page - 1, lastPage), "prev")) }
        if page < lastPage { links.append((page + 1, "next")) }
        links.append((lastPage, "last"))
        let (before, after) = parameters.around("page")
        let beginning = address(uri.path) + "?" + before
        return links.map { "<\(beginning)\($0.page)\(after)>; rel=\"\($0.relation)\"" }
            .joined(separator: ", ")
    }
}
