internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The hosts that requests may name.
package enum AllowedHosts: Sendable {
    case all
    /// Only the names and addresses of this machine.
    case loopback

    /// Rejects requests for other hosts, if only this machine is allowed.
    ///
    /// On a server without sign-in, this prevents DNS rebinding: if a web page points its own name
    /// to 127.0.0.1, CORS does not apply.
    ///
    /// - Parameter host: The header `Host` of the request.
    /// - Throws: ``Problem``.
    func check(_ host: String?) throws(Problem) {
        guard self == .loopback, let host, !Self.isLoopback(host) else { return }
        throw Problem(
            .misdirectedRequest, "This server answers requests for localhost and 127.0.0.1 only.")
    }

    static func isLoopback(_ authority: String) -> Bool {
        guard authority.utf8.count <= 255, authority.isASCII else { return false }
        let host = authority.lowercased().prefix(while: { $0 != "]" })
        if host == "[::1" { return true }
        let name = host.prefix { $0 != ":" }
        return name == "localhost" || name.hasSuffix(".localhost")
            || name.hasPrefix("127.") && ClientAddress(String(name)) != nil
    }
}
