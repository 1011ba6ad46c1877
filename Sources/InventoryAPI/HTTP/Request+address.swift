internal import HTTPTypes
internal import Hummingbird
internal import Inventory

extension Request {
    /// The URL of `path` as the client calls it: absolute if the request names its host. If there
    /// is a ``PublicURL``, ``APIResponder`` puts it into the request.
    func address(_ path: String) -> String {
        guard let authority = head.authority, Self.isAuthority(authority) else { return path }
        return "\(head.scheme == "https" ? "https" : "http")://\(authority)\(path)"
    }

    func address(ofNumber id: Int64) -> String { address("/api/v1/numbers/\(id)") }

    func address(ofUser id: Int64) -> String { address("/api/v1/users/\(id)") }

    /// Whether `text` can be a host and a port; no other text may get into a link.
    private static func isAuthority(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isLetterOrDigit || "-._:[]".utf8.contains($0) }
    }

    /// Nil if the header is absent, long or not ASCII.
    func asciiHeader(_ name: HTTPField.Name) -> String? { headers[name]?.ifShortASCII }
}

/// The URL that clients use, such as `https://inventory.example`; a port may follow the host.
package struct PublicURL: Sendable, CustomStringConvertible {
    let scheme: String
    let authority: String

    package init?(_ text: String) {
        let form = #/(https?)://((?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)/#
        guard let match = text.lowercased().wholeMatch(of: form) else { return nil }
        (scheme, authority) = (String(match.1), String(match.2))
    }

    package var description: String { "\(scheme)://\(authority)" }
}

extension String {
    /// Nil for a long text, or one beyond ASCII: Swift may need quadratic time for it.
    var ifShortASCII: String? { utf8.count <= 1024 && isASCII ? self : nil }
}
