internal import Foundation

struct ClientAddress: Hashable, CustomStringConvertible {
    let description: String
    /// The 16 bytes of an IPv6 address; an IPv4 address is mapped to one (RFC 4291 §2.5.5.2).
    let bytes: [UInt8]

    init?(_ text: String) {
        guard let bytes = Self.bytes(of: text) else { return nil }
        self.bytes = bytes
        let isMapped = bytes.starts(with: Self.mapped)
        description =
            isMapped ? bytes.suffix(4).map(String.init).joined(separator: ".") : text.lowercased()
    }

    /// The first bytes of an IPv4 address that is mapped to IPv6.
    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [255, 255]

    private static func bytes(of text: String) -> [UInt8]? {
        var v6 = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &v6) == 1 { return v6 }
        var v4 = [UInt8](repeating: 0, count: 4)
        return inet_pton(AF_INET, text, &v4) == 1 ? mapped + v4 : nil
    }

    /// The key that counts attempts: an IPv4 address, or the first 64 bits of an IPv6 address,
    /// since one client may have all addresses that begin with them (RFC 6177).
    var network: [UInt8] {
        bytes.starts(with: Self.mapped) ? bytes : Array(bytes.prefix(8))
    }
}

/// The addresses that begin with the same bits, such as `10.0.0.0/8`.
package struct AddressRange: Sendable, Equatable, CustomStringConvertible {
    package let description: String
    private let bytes: [UInt8]
    /// The prefix length in bits.
    private let length: Int

    /// Reads an address, alone or with a prefix length (CIDR, RFC 4632).
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ ClientAddress(String($0)) }), parts.count <= 2
        else { return nil }
        let width = address.description.contains(":") ? 128 : 32
        guard let length = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(length)
        else { return nil }
        description = text
        bytes = address.bytes
        self.length = 128 - width + length
    }

    func contains(_ address: ClientAddress) -> Bool {
        (0..<length).allSatisfy { bit in
            (bytes[bit / 8] ^ address.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}
