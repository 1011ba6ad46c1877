/// The response to a change request, in a form that can be stored and replayed.
package struct ChangeResponse: Equatable, Sendable {
    static let largestBody = 64 * 1024

    /// The HTTP status, or the exit status of a command.
    package let status: Int
    package let location: String?
    package let etag: String?
    /// The change that was recorded; nil if nothing was changed.
    package let change: Int64?
    package private(set) var body: [UInt8]

    package init(
        status: Int, location: String? = nil, etag: String? = nil, change: Int64?, body: [UInt8]
    ) {
        self.status = status
        self.location = location
        self.etag = etag
        self.change = change
        self.body = body
    }

    /// The response to store. If the body is too long, the change's id replaces it.
    var bounded: ChangeResponse {
        guard body.count > Self.largestBody else { return self }
        var bounded = self
        bounded.body = Array(#"{"change":\#(change.map(String.init) ?? "null")}"#.utf8)
        return bounded
    }
}
