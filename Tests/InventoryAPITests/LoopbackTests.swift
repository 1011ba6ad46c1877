import HTTPTypes
import Testing

@testable import InventoryAPI

/// Where nobody needs to sign in, a web page whose name leads to this machine is refused.
@Suite struct LoopbackTests {
    @Test(arguments: [
        ("localhost", true), ("localhost:8080", true), ("LocalHost:8080", true),
        ("127.0.0.1:8080", true), ("127.8.9.10", true), ("[::1]:8080", true), ("[::1]", true),
        ("console.localhost:8080", true), ("shop.example", false),
        ("127.0.0.1.shop.example", false),
        ("localhost.shop.example:8080", false), ("[::2]:8080", false), ("192.168.0.7:8080", false),
        ("", false), (String(repeating: "a", count: 300), false), ("lócalhost", false),
    ])
    func whatMeansThisMachine(authority: String, isLoopback: Bool) {
        #expect(AllowedHosts.isLoopback(authority) == isLoopback)
    }

    @Test func aForeignHostIsRefusedWhereOnlyThisMachineIsAllowed() async throws {
        // The client of these tests asks for localhost.
        try await Client.with(configuration: .init(access: .everybody, hosts: .loopback)) {
            client in
            let here = try await client.send("GET", "/api/v1/numbers", as: .guest)
            #expect(here.status == 200)
        }
    }
}
