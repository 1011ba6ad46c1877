internal import HTTPTypes
internal import Hummingbird

extension Request {
    /// `path` as the client would call it: absolute if the request names its host, or if there is a
    /// ``PublicURL``, which ``APIResponder`` puts into the request.
    func address(_ path: String) -> String {
        guard let authority = head.authority, Self.isAuthority(authority) else { return path }
        return "\(head.scheme == "https" ? "https" : "http")://\(authority)\(path)"
    }

    /// Makes the addresses of the pages of the list at `path` from their numbers.
    ///
    /// - Parameter parameters: Those of the request, whose other parameters the pages have too.
    func pageAddress(_ path: String, _ parameters: QueryParameters) -> (Int) -> String {
        let (before, after) = parameters.around("page")
        let beginning = address(path) + "?" + before
        return { page in beginning + String(page) + after }
    }

    func address(ofNumber id: Int64) -> String {
        address("/api/v1/numbers/\(id)")
    }

    func address(ofUser id: Int64) -> String {
        address("/api/v1/users/\(id)")
    }

    /// Whether `text` can be a host and a port; anything else must not get into a link.
    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }
}
