internal import Foundation
internal import NIOCore

/// The machine that a request comes from.
struct ClientAddress: Hashable, CustomStringConvertible {
    let description: String
    /// The 16 bytes of an IPv6 address; an IPv4 address is mapped to one (RFC 4291 §2.5.5.2).
    let bytes: [UInt8]

    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(text)
    }

    /// Reads an IPv4 or IPv6 address.
    init?(_ text: String) {
        guard let bytes = Self.bytes(of: text) else { return nil }
        self.bytes = bytes
        let isMapped = bytes.starts(with: Self.mapped)
        description =
            isMapped ? bytes.suffix(4).map(String.init).joined(separator: ".") : text.lowercased()
    }

    /// What an IPv4 address that is mapped to IPv6 begins with.
    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [255, 255]

    private static func bytes(of text: String) -> [UInt8]? {
        var v6 = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &v6) == 1 { return v6 }
        var v4 = [UInt8](repeating: 0, count: 4)
        return inet_pton(AF_INET, text, &v4) == 1 ? mapped + v4 : nil
    }

    /// What attempts are counted by: an IPv4 address itself, and of an IPv6 address the first 64 bits,
    /// since whoever has one of those addresses has all that begin alike (RFC 6177).
    var network: [UInt8] {
        bytes.starts(with: Self.mapped) ? bytes : Array(bytes.prefix(8))
    }
}
