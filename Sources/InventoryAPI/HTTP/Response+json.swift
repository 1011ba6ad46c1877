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
}
