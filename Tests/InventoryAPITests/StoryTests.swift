import Foundation
import Inventory
import InventoryAPI
import StoreTesting
import Testing

/// Sequences of requests.
@Suite(.stores) struct StoryTests {
    private let client: Client

    init() async throws {
        client = try await Client()
    }

    @Test func numberIsCreatedChangedAndDeleted() async throws {
        let created = try await client.send("POST numbers", Client.good)
        #expect(created.status == 201)
        let path = try #require(created["Location"]?.replacing("http://localhost", with: ""))
        let tag = try #require(created["ETag"])

        let changed = try await client.send(
            "PATCH \(path)", #"{"monthyPrice":"0.05"}"#, headers: ["If-Match": tag])
        #expect(changed.status == 200)
        let late = try await client.send(
            "PATCH \(path)", #"{"monthyPrice":"0.06"}"#, headers: ["If-Match": tag])
        #expect(late.status == 412)
        #expect(late.detail == "This number has changed since you read it.")
        #expect(late["ETag"] == changed["ETag"])
        #expect((late.object["current"] as? [String: Any])?["monthyPrice"] as? String == "0.05")

        let read = try await client.send(
            "GET \(path)", headers: ["If-None-Match": try #require(changed["ETag"])])
        #expect(read.status == 304 && read.text.isEmpty)

        #expect(try await client.status("DELETE \(path)") == 204)
        #expect(try await client.status("DELETE \(path)") == 404)
        #expect(try await client.status("GET \(path)") == 404)
    }

    /// So no tag ends with a suffix that proxies add.
    @Test func everyTagIsHexadecimal() async throws {
        try await client.createGood()
        let resources = [
            "numbers", "numbers/1", "numbers/1/changes", "changes", "changes/1", "currencies",
            "users", "users/1", "openapi.json",
        ]
        for path in resources + ["/docs", "/console/app.js"] {
            let response = try await client.send("GET \(path)")
            let tag = try #require(response["ETag"], "\(path)")
            #expect(tag.wholeMatch(of: /"[0-9a-f]+"/) != nil, "\(path)")
        }
    }

    @Test func unchangedListReturns304() async throws {
        let empty = try await client.send("GET numbers")
        #expect(empty.text == "[]")
        #expect(empty["X-Total-Count"] == "0")
        let tag = try #require(empty["ETag"])
        let again = try await client.send("GET numbers", headers: ["If-None-Match": tag])
        #expect(again.status == 304)
        #expect(again["X-Total-Count"] == "0")
        let suffixed = tag.dropLast() + #"-gzip""#
        let proxied = try await client.send(
            "GET numbers", headers: ["If-None-Match": "\(suffixed)"])
        #expect(proxied.status == 304 && proxied["ETag"] == tag)
        try await client.createGood()
        let later = try await client.send("GET numbers", headers: ["If-None-Match": tag])
        #expect(later.status == 200)
        #expect(later["ETag"] != tag)
        // The same page of a longer list has another tag, because its total differs.
        let page = try await client.send("GET numbers?perPage=1")
        _ = try await client.send("POST numbers", Client.other)
        let longer = try await client.send("GET numbers?perPage=1")
        #expect(page.text == longer.text)
        #expect(page["ETag"] != longer["ETag"])
    }

    @Test(
        arguments: [(1, nil, 2), (3, 2, 4), (5, 4, nil), (6, 5, nil), (99, 5, nil)]
            as [(Int, Int?, Int?)])
    func linksFitThePage(page: Int, previous: Int?, next: Int?) async throws {
        _ = try await client.store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(105)), onlyIfEmpty: true)
        let links = [("first", 1), ("prev", previous), ("next", next), ("last", 5)].compactMap {
            relation, page in
            page.map { "<http://localhost/api/v1/numbers?page=\($0)>; rel=\"\(relation)\"" }
        }
        let response = try await client.send("GET numbers?page=\(page)")
        #expect(response["Link"] == links.joined(separator: ", "))
    }

    @Test func strictCheckRefusesUnknownRanges() async throws {
        let client = try await Client(configuration: .testing(numberCheck: .valid))
        let odd = Client.good.replacing("84 91234", with: "20 91234")
        let response = try await client.send("POST numbers", odd)
        #expect(response.status == 422)
        #expect(response.text.contains("that is in use"))
    }

    @Test func storedFormerNumberCanBeEdited() async throws {
        try await client.store.createNumber(.former)
        let stored = Client.good.replacing("+55 84 91234-4321", with: "+229 95 12 34 56")
        #expect(try await client.status("PATCH numbers/1", #"{"monthyPrice":"0.05"}"#) == 200)
        #expect(try await client.status("PUT numbers/1", stored) == 200)
        #expect(try await client.status("PATCH numbers/1", #"{"value":"+22995123456"}"#) == 200)
        #expect(try await client.store.number(1).content == .former)

        let other = stored.replacing("56", with: "57")
        for (request, body) in [
            ("PUT numbers/1", other), ("PATCH numbers/1", #"{"value":"+22995123457"}"#),
            ("POST numbers", other), ("POST numbers", stored),
        ] {
            let response = try await client.send(request, body)
            #expect(response.status == 422)
            #expect(response.text.contains("since November 2024"))
            #expect(response.text.contains(#""pointer":"/value""#))
        }
        let bad = other.replacing("0.03", with: "-1")
        let errors = try await client.send("PUT numbers/1", bad).object["errors"] as? [Any]
        #expect(errors?.count == 2)
        let current = Client.good.replacing("+55 84 91234-4321", with: "+229 01 95 12 34 56")
        #expect(try await client.status("PUT numbers/1", current) == 200)
    }
}
