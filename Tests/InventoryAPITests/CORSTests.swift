import InventoryAPI
import Testing

@Suite struct CORSTests {
    private let preflight = [
        "Origin": "https://shop.example", "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "content-type,if-match",
    ]

    @Test func isClosedByDefault() async throws {
        try await Client.with { client in
            let answer = try await client.send(
                "GET", "/api/v1/numbers", headers: ["Origin": "https://shop.example"])
            #expect(answer.status == 200)
            #expect(answer["Access-Control-Allow-Origin"] == nil)
            #expect(answer["Vary"] == nil)
        }
    }

    @Test func opensForTheOriginsThatAreListed() async throws {
        try await Client.with(configuration: .testing(origins: .some(["https://shop.example"]))) {
            client in
            let ours = try await client.send(
                "GET", "/api/v1/numbers/7", headers: ["Origin": "https://shop.example"])
            #expect(ours.status == 404)
            #expect(ours["Access-Control-Allow-Origin"] == "https://shop.example")
            for name in ["X-Total-Count", "Change-Id", "Idempotency-Replayed"] {
                #expect(ours["Access-Control-Expose-Headers"]?.contains(name) == true)
            }
            #expect(ours["Vary"] == "Origin")
            let others = try await client.send(
                "GET", "/api/v1/numbers", headers: ["Origin": "https://evil.example"])
            #expect(others["Access-Control-Allow-Origin"] == nil)
            #expect(others["Vary"] == "Origin")
        }
    }

    @Test func answersAPreflight() async throws {
        try await Client.with(configuration: .testing(origins: .all)) { client in
            let answer = try await client.send(
                "OPTIONS", "/api/v1/numbers/1", headers: preflight, as: .guest)
            #expect(answer.status == 204)
            #expect(answer["Access-Control-Allow-Origin"] == "*")
            #expect(answer["Access-Control-Allow-Methods"]?.contains("PATCH") == true)
            for name in ["If-Match", "Idempotency-Key"] {
                #expect(answer["Access-Control-Allow-Headers"]?.contains(name) == true)
            }
        }
    }

    @Test func answersNoPreflightOfAStranger() async throws {
        try await Client.with(configuration: .testing(origins: .some(["https://other.example"]))) {
            client in
            let answer = try await client.send(
                "OPTIONS", "/api/v1/numbers/1", headers: preflight, as: .guest)
            #expect(answer["Access-Control-Allow-Origin"] == nil)
            #expect(answer["Access-Control-Allow-Methods"] == nil)
        }
    }
}
