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
        try await response(text: { page, _ in JSONValue.array(page.map(json)).text }, list)
    }

    /// - Parameter text: Returns the elements as a JSON array.
    func response<Query: ListQuery, Element>(
        text: ([Element], Query) -> [UInt8], _ list: (Query) async throws -> Page<Element>
    ) async throws -> Response {
        let (parameters, query) = try parameters(Query.parameterNames, aliases: Query.aliases) {
            Query(&$0)
        }
        let page = try await list(query)
        let text = text(page.elements, query)
        let tag = EntityTag(ofContent: Array("\(page.total)\n".utf8), text)
        var headers: HTTPFields = [
            .totalCount: String(page.total),
            .eTag: tag.description,
        ]
        let links = links(total: page.total, query.paging, parameters)
        if links.utf8.count <= Self.longestLink { headers[.link] = links }
        return try notModifiedIfMatching(Response(headers: headers, jsonText: text))
    }

    /// By default, nginx refuses a response whose headers have more than 4 KiB.
    private static var longestLink: Int { 2048 }

    /// The header `Link` of a page of a list (RFC 8288).
    private func links(total: Int, _ paging: Paging, _ parameters: QueryParameters) -> String {
        let (start, size) = (paging.offset, paging.perPage)
        let last = max(0, total - 1) / size * size
        var links = [(start: 0, relation: "first")]
        // The requested page may be beyond the last one.
        if start > 0 { links.append((max(0, min(start - size, last)), "prev")) }
        if start < total - size { links.append((start + size, "next")) }
        links.append((last, "last"))
        let (address, query) = (address(uri.path), parameters.pages(of: size))
        return links.map { "<\(address)?\(query($0.start))>; rel=\"\($0.relation)\"" }
            .joined(separator: ", ")
    }
}
