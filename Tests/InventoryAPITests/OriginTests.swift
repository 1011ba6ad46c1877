import StoreTesting
import Testing

@testable import InventoryAPI

/// Requests that pages of other origins send to a server without sign-in.
///
/// The server's own origin is localhost.
@Suite(.stores) struct OriginTests {
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
        ([:], .all), (["Sec-Fetch-Site": "same-origin"], .all), (["Sec-Fetch-Site": "none"], .all),
        (["Sec-Fetch-Site": "same-site"], .none), (["Sec-Fetch-Site": "cross-site"], .none),
        (["Origin": "http://localhost"], .all), (["Origin": "https://localhost"], .all),
        (["Origin": "https://shop.example"], .listed),
        (["Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"], .listed),
        (["Origin": "http://shop.example"], .none), (["Origin": "https://shop.example:444"], .none),
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
        (["Origin": "http://127.0.0.1.evil.example"], .none), (["Origin": "localhost"], .none),
        (["Origin": "ftp://localhost"], .none), (["Origin": "null"], .none),
        (["Origin": "http://lócalhost"], .none),
        (["Origin": "http://" + String(repeating: "a", count: 2000)], .none),
    ]

    @Test(arguments: settings, headers)
    func writesNeedAnAllowedOrigin(
        setting: AllowedOrigins, _ sent: (headers: [String: String], writers: Writers)
    ) async throws {
        let mayWrite = sent.writers.contain(setting)
        let client = try await Client(
            configuration: .testing(origins: setting, noAuth: .anyAddress))
        for request in [
            "POST changes/9/undo", "DELETE numbers/9", "PUT /nothing", "PURGE numbers",
        ] {
            let response = try await client.send(request, headers: sent.headers, as: .guest)
            let isRefused = response.problem.hasPrefix("403 origin-not-allowed: ")
            #expect(isRefused == !mayWrite, "\(request): \(response.text)")
        }
        let created = try await client.send(
            "POST numbers", Client.good, headers: sent.headers, as: .guest)
        #expect(created.status == (mayWrite ? 201 : 403))
        for (method, status) in [("GET", 200), ("HEAD", 200), ("OPTIONS", 204)] {
            let response = try await client.send(
                "\(method) numbers", headers: sent.headers, as: .guest)
            #expect(response.status == status)
        }
    }

    @Test func tokenIsEnoughWithSignIn() async throws {
        let client = try await Client()
        let created = try await client.send(
            "POST numbers", Client.good, headers: ["Origin": "http://evil.example"])
        #expect(created.status == 201)
    }

    @Test func onlyLoopbackHostsAreThisMachine() {
        for authority in [
            "localhost", "localhost:8080", "LocalHost:8080", "127.0.0.1:8080", "127.8.9.10",
            "[::1]:8080", "[::1]", "console.localhost:8080",
        ] { #expect(NoAuth.isLoopback(authority), "\(authority)") }
        for authority in [
            "shop.example", "127.0.0.1.shop.example", "localhost.shop.example:8080", "[::2]:8080",
            "192.168.0.7:8080", "", String(repeating: "a", count: 300), "lócalhost",
        ] { #expect(!NoAuth.isLoopback(authority), "\(authority)") }
    }

    @Test func loopbackHostIsAllowedWithoutSignIn() async throws {
        let client = try await Client(configuration: .testing(noAuth: .loopback))
        #expect(try await client.status("GET numbers", as: .guest) == 200)
    }
}

/// The headers that let pages of other origins read responses.
@Suite(.stores) struct CORSTests {
    private static let shop = "https://shop.example"

    /// Sends a request from a page of the shop.
    private func send(
        _ request: String, allowed: AllowedOrigins
    ) async throws -> Client.Response {
        let client = try await Client(configuration: .testing(origins: allowed))
        return try await client.send(
            request,
            headers: [
                "Origin": Self.shop, "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": "content-type,if-match",
            ])
    }

    @Test(
        arguments: [
            (.some([]), nil, nil), (.some([shop]), shop, "Origin"), (.all, "*", nil),
            (.some(["https://other.example"]), nil, "Origin"),
        ] as [(AllowedOrigins, String?, String?)])
    func onlyAllowedOriginsMayRead(
        setting: AllowedOrigins, allowed: String?, vary: String?
    ) async throws {
        for request in ["GET numbers", "GET numbers/7", "OPTIONS numbers/1"] {
            let response = try await send(request, allowed: setting)
            let isPreflight = request.hasPrefix("OPTIONS")
            #expect(response.status == (isPreflight ? 204 : request == "GET numbers" ? 200 : 404))
            #expect(response["Access-Control-Allow-Origin"] == allowed)
            // The page of an error depends on Accept.
            let varied = [response.status == 404 ? "Accept" : nil, vary].compactMap(\.self)
            #expect((response["Vary"] ?? "") == varied.joined(separator: ", "))
            let names =
                isPreflight
                ? [
                    ("Access-Control-Allow-Methods", "PATCH"),
                    ("Access-Control-Allow-Headers", "If-Match"),
                    ("Access-Control-Allow-Headers", "Idempotency-Key"),
                ]
                : ["X-Total-Count", "Change-Id", "Idempotency-Replayed"].map {
                    ("Access-Control-Expose-Headers", $0)
                }
            for (header, name) in names {
                #expect((response[header]?.contains(name) ?? false) == (allowed != nil))
            }
        }
    }
}
