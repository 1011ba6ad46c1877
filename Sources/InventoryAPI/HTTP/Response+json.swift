internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

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
    /// Responds with a JSON document and its tag, or 304.
    func response(_ json: JSONValue) throws -> Response {
        let text = json.text
        return try notModifiedIfMatching(
            Response(headers: [.eTag: EntityTag(ofContent: text).description], jsonText: text))
    }

    /// Responds with the page of a list that the parameters `page` and `perPage` select, or 304.
    func response<Element>(
        _ json: (Element) -> JSONValue, _ list: (Paging) async throws -> Page<Element>
    ) async throws -> Response {
        let (parameters, paging) = try parameters(Paging.parameterNames) { Paging(&$0) }
        let page = try await list(paging)
        return try response(page, json, paging, parameters)
    }

    func response<Element>(
        _ page: Page<Element>, _ json: (Element) -> JSONValue, _ paging: Paging,
        _ parameters: QueryParameters
    ) throws -> Response {
        try response(
            JSONValue.array(page.elements.map(json)).text, total: page.total, paging, parameters)
    }

    /// Responds with a page of a list, or 304.
    ///
    /// - Parameter text: The elements as a JSON array.
    func response(
        _ text: [UInt8], total: Int, _ paging: Paging, _ parameters: QueryParameters
    ) throws -> Response {
        let tag = EntityTag(ofContent: Array("\(total)\n".utf8), text)
        return try notModifiedIfMatching(
            Response(
                headers: [
                    .totalCount: String(total), .link: links(total: total, paging, parameters),
                    .eTag: tag.description,
                ],
                jsonText: text))
    }

    /// The header `Link` of a page of a list (RFC 8288).
    private func links(total: Int, _ paging: Paging, _ parameters: QueryParameters) -> String {
        let lastPage = max(1, (total + paging.perPage - 1) / paging.perPage)
        // The page may be beyond the last one.
        let page = paging.page
        var links = [(page: 1, relation: "first")]
        if page > 1 { links.append((min(page - 1, lastPage), "prev")) }
        if page < lastPage { links.append((page + 1, "next")) }
        links.append((lastPage, "last"))
        let (before, after) = parameters.around("page")
        let beginning = address(uri.path) + "?" + before
        return links.map { "<\(beginning)\($0.page)\(after)>; rel=\"\($0.relation)\"" }
            .joined(separator: ", ")
    }
}
