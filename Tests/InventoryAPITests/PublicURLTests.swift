import StoreTesting
import Testing

@testable import InventoryAPI

/// URLs in responses, with and without a public URL.
@Suite(.stores) struct PublicURLTests {
    @Test(arguments: [
        ("https://inventory.example", "https://inventory.example"),
        ("HTTP://Inventory.Example:8080", "http://inventory.example:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://inventory.example/", nil), ("https://inventory.example/numbers", nil),
        ("https://inventory.example?a", nil), ("https://user@inventory.example", nil),
        ("https://inventory.example>", nil), ("https://bücher.example", nil),
        ("https://a:port", nil), ("https://a:123456", nil), ("https://a::1", nil),
        ("https://", nil), ("inventory.example", nil), ("ftp://inventory.example", nil),
        ("https://inventory.example https://b.example", nil), ("", nil),
    ])
    func isASchemeAndAHost(text: String, expected: String?) {
        #expect(PublicURL(text)?.description == expected)
    }

    @Test(arguments: ["https://inventory.example", nil])
    func isInEveryAddress(text: String?) async throws {
        let address = text ?? "http://localhost"
        let configuration = InventoryConfiguration.testing(publicURL: text.flatMap(PublicURL.init))
        let client = try await Client(configuration: configuration)
        let number = try await client.send("POST numbers", Client.good)
        #expect(number["Location"] == "\(address)/api/v1/numbers/1")
        let existing = try await client.send("POST numbers", Client.good)
        #expect(existing.object["existing"] as? String == "\(address)/api/v1/numbers/1")
        let undone = try await client.send("POST changes/1/undo")
        #expect(undone["Location"] == "\(address)/api/v1/changes/2")
        let user = try await client.send(
            "POST users", #"{"username":"eve","role":"salesperson","password":"quiet-41-forests"}"#)
        #expect(user["Location"] == "\(address)/api/v1/users/3")
        let session = try await client.signIn("eve", password: "quiet-41-forests")
        #expect(session["Location"] == "\(address)/api/v1/sessions/current")
        for list in ["numbers", "changes", "users"] {
            let page = try await client.send("GET \(list)")
            #expect(page["Link"]?.hasPrefix("<\(address)/api/v1/\(list)?") == true)
        }
    }
}
