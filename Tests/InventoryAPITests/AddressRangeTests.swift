import Testing

@testable import InventoryAPI

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("10.231.7.16/28", "10.231.7.31", true), ("10.231.7.16/28", "10.231.7.32", false),
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "203.0.113.9", true), ("fd00::/8", "fd12::1", true),
        ("fd00::/8", "fe80::1", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
    ])
    func containsItsAddresses(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(ClientAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "proxy", "/8",
    ])
    func rejectsInvalidRanges(text: String) { #expect(AddressRange(text) == nil) }

    @Test func networkIsAnIPv4AddressOrHalfAnIPv6Address() throws {
        let network = { (text: String) in ClientAddress(text)?.network }
        #expect(network("203.0.113.9") != network("203.0.113.10"))
        #expect(network("203.0.113.9") == network("::ffff:203.0.113.9"))
        #expect(network("2001:db8::1") == network("2001:db8::ffff:1"))
        #expect(network("2001:db8:0:1::1") != network("2001:db8:0:2::1"))
    }
}
