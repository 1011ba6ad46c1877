internal import HTTPTypes
internal import Hummingbird
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
    /// A page of a list: an array, its total, the addresses of its neighbours, and a tag of both
    /// the total and the array.
    init(page text: [UInt8], total: Int, links: String) {
        let tag = EntityTag(ofContent: Array("\(total)\n".utf8), text)
        self.init(
            headers: [.totalCount: String(total), .link: links, .eTag: tag.description],
            jsonText: text)
    }
}
