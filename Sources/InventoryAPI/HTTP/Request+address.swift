internal import HTTPTypes
internal import Hummingbird

extension Request {
    /// `path` as the client would call it: absolute where the request says which host it asked.
    func address(_ path: String) -> String {
        guard let authority = head.authority, Self.isAuthority(authority) else { return path }
        return "\(head.scheme == "https" ? "https" : "http")://\(authority)\(path)"
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
            && text.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-._:[]".contains($0))
            }
    }
}
