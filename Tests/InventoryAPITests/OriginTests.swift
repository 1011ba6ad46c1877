import InventoryAPI
import Testing

/// Pages of other origins at a server without sign-in.
///
/// The client of these tests asks for localhost.
@Suite struct OriginTests {
    /// Which pages may write, by the setting `CORS_ORIGINS`.
    enum Writers: CaseIterable {
        case all, listed, loopback, none

        func contain(_ setting: AllowedOrigins) -> Bool {
            switch self {
            case .all: true
            case .listed: setting == .some(["https://shop.example"])
            case .loopback: setting == .all
            case .none: false
            }
        }
    }

    private static let settings: [AllowedOrigins] = [
        .some([]), .some(["https://shop.example"]), .all,
    ]

    private static let headers: [([String: String], Writers)] = [
        ([:], .all),
        (["Sec-Fetch-Site": "same-origin"], .all),
        (["Sec-Fetch-Site": "none"], .all),
        (["Sec-Fetch-Site": "same-site"], .none),
        (["Sec-Fetch-Site": "cross-site"], .none),
        (["Origin": "http://localhost"], .all),
        (["Origin": "https://localhost"], .all),
        (["Origin": "https://shop.example"], .listed),
        (["Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"], .listed),
        (["Origin": "http://shop.example"], .none),
        (["Origin": "https://shop.example:444"], .none),
        (["Origin": "http://localhost:3000"], .loopback),
        (["Origin": "https://127.0.0.1:3000"], .loopback),
        (["Origin": "http://[::1]:3000"], .loopback),
        (["Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"], .loopback),
        (["Origin": "http://app.localhost:3000"], .loopback),
        (["Origin": "http://evil.example"], .none),
        (["Origin": "http://localhost:3000, http://evil.example"], .none),
        (["Origin": "http://localhost:80@evil.example"], .none),
        (["Origin": "http://localhost:3000.evil.example"], .none),
        (["Origin": "http://localhost.evil.example"], .none),
        (["Origin": "http://127.0.0.1.evil.example"], .none),
        (["Origin": "localhost"], .none),
        (["Origin": "ftp://localhost"], .none),
        (["Origin": "null"], .none),
        (["Origin": "http://lócalhost"], .none),
        (["Origin": "http://" + String(repeating: "a", count: 2000)], .none),
    ]

    @Test(arguments: settings, headers)
    func writesNeedAnAllowedOrigin(
        setting: AllowedOrigins, _ sent: (headers: [String: String], writers: Writers)
    ) async throws {
        let mayWrite = sent.writers.contain(setting)
        try await Client.with(configuration: .testing(origins: setting, access: .everybody)) {
            client in
            for (method, path) in [
                ("POST", "/api/v1/changes/9/undo"), ("DELETE", "/api/v1/numbers/9"),
                ("PUT", "/nothing"), ("PURGE", "/api/v1/numbers"),
            ] {
                let answer = try await client.send(
                    method, path, headers: sent.headers, as: .guest)
                let isRefused = answer.object["type"] as? String == "/problems/origin-not-allowed"
                #expect(isRefused == !mayWrite, "\(method): \(answer.text)")
                #expect((answer.status == 403) == !mayWrite)
            }
            let created = try await client.send(
                "POST", "/api/v1/numbers", body: Client.good, headers: sent.headers, as: .guest)
            #expect(created.status == (mayWrite ? 201 : 403))
            for (method, status) in [("GET", 200), ("HEAD", 200), ("OPTIONS", 204)] {
                let answer = try await client.send(
                    method, "/api/v1/numbers", headers: sent.headers, as: .guest)
                #expect(answer.status == status)
            }
        }
    }

    @Test func aTokenIsEnoughWithSignIn() async throws {
        try await Client.with { client in
            let created = try await client.send(
                "POST", "/api/v1/numbers", body: Client.good,
                headers: ["Origin": "http://evil.example"])
            #expect(created.status == 201)
        }
    }
}
