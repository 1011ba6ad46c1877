internal import Inventory

/// The clients that need no sign-in. Each acts as a supervisor, for front ends without tokens.
package enum NoAuth: String, CaseIterable, Sendable {
    case off = "0"
    case loopback = "1"
    case anyAddress = "any-address"

    /// Rejects requests for other hosts to prevent DNS rebinding: if a web page points its own host
    /// name to 127.0.0.1, CORS does not apply.
    func checkHost(_ host: String?) throws(Problem) {
        guard self == .loopback, let host, !Self.isLoopback(host) else { return }
        throw Problem(
            .misdirectedRequest, "This server accepts requests for localhost and 127.0.0.1 only.")
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
