internal import HTTPTypes
internal import Hummingbird
internal import Inventory

extension Response {
    init(_ response: ChangeResponse) {
        var headers: HTTPFields = [:]
        headers[.location] = response.location
        headers[.eTag] = response.etag
        headers[.changeID] = response.change.map(String.init)
        self.init(
            status: HTTPResponse.Status(integerLiteral: response.status), headers: headers,
            jsonText: response.body)
    }
}
