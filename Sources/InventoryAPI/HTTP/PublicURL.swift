/// The address that clients use, such as `https://inventory.example`: a scheme, a host and perhaps a port.
package struct PublicURL: Sendable, CustomStringConvertible {
    let scheme: String
    let authority: String

    /// Nil if `text` is no such address.
    package init?(_ text: String) {
        let form = #/(https?)://((?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)/#
        guard let match = text.lowercased().wholeMatch(of: form) else { return nil }
        (scheme, authority) = (String(match.1), String(match.2))
    }

    package var description: String { "\(scheme)://\(authority)" }
}
