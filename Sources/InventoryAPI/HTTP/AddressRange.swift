/// The addresses that begin with the same bits, such as `10.0.0.0/8`.
package struct AddressRange: Sendable, Equatable, CustomStringConvertible {
    package let description: String
    private let bytes: [UInt8]
    /// How many of the first bits an address has in common with ``bytes`` to be in the range.
    private let length: Int

    /// Reads an address, alone or with the number of its first bits that count (CIDR, RFC 4632).
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
