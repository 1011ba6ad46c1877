import Foundation
import Inventory
import InventoryAPI
import StoreTesting
import Testing

/// Stories of more than one request.
@Suite struct StoryTests {
    @Test func aNumberFromItsCreationToItsEnd() async throws {
        try await Client.with { client in
            let created = try await client.send("POST", "/api/v1/numbers", body: Client.good)
            #expect(created.status == 201)
            let path = try #require(created["Location"]?.replacing("http://localhost", with: ""))
            let tag = try #require(created["ETag"])

            let changed = try await client.send(
                "PATCH", path, body: #"{"monthyPrice":"0.05"}"#, headers: ["If-Match": tag])
            #expect(changed.status == 200)
            let late = try await client.send(
                "PATCH", path, body: #"{"monthyPrice":"0.06"}"#, headers: ["If-Match": tag])
            #expect(late.status == 412)
            #expect(late.detail == "This number has changed since you read it.")
            #expect(late["ETag"] == changed["ETag"])
            #expect((late.object["current"] as? [String: Any])?["monthyPrice"] as? String == "0.05")

            let read = try await client.send(
                "GET", path, headers: ["If-None-Match": try #require(changed["ETag"])])
            #expect(read.status == 304)
            #expect(read.text.isEmpty)

            #expect(try await client.send("DELETE", path).status == 204)
            #expect(try await client.send("DELETE", path).status == 404)
            #expect(try await client.send("GET", path).status == 404)
        }
    }

    @Test func everyWriteTellsItsChange() async throws {
        try await Client.with { client in
            let created = try await client.send("POST", "/api/v1/numbers", body: Client.good)
            #expect(created["Change-Id"] == "1")
            let path = "/api/v1/numbers/1"
            let changed = try await client.send("PATCH", path, body: #"{"monthyPrice":"0.05"}"#)
            #expect(changed["Change-Id"] == "2")
            // Nothing was changed, so there is nothing to take back.
            let same = try await client.send("PATCH", path, body: #"{"monthyPrice":"0.05"}"#)
            #expect(same.status == 200)
            #expect(same["Change-Id"] == nil)
            let replaced = try await client.send("PUT", path, body: Client.good)
            #expect(replaced["Change-Id"] == "3")
            #expect(try await client.send("GET", path)["Change-Id"] == nil)
            #expect(try await client.send("DELETE", path)["Change-Id"] == "4")
        }
    }

    /// So none ends in what proxies add.
    @Test func everyTagIsHexadecimal() async throws {
        try await Client.with { client in
            try await client.createGood()
            let resources = [
                "numbers", "numbers/1", "numbers/1/changes", "changes", "changes/1", "currencies",
                "users", "users/1", "openapi.json",
            ].map { "/api/v1/" + $0 }
            for path in resources + ["/docs", "/console/app.js"] {
                let response = try await client.send("GET", path)
                let tag = try #require(response["ETag"], "\(path)")
                #expect(tag.wholeMatch(of: /"[0-9a-f]+"/) != nil, "\(path)")
            }
        }
    }

    @Test func aListThatIsPolled() async throws {
        try await Client.with { client in
            let empty = try await client.send("GET", "/api/v1/numbers")
            #expect(empty.text == "[]")
            #expect(empty["X-Total-Count"] == "0")
            let tag = try #require(empty["ETag"])
            let path = "/api/v1/numbers"
            let again = try await client.send("GET", path, headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again["X-Total-Count"] == "0")
            let suffixed = tag.dropLast() + #"-gzip""#
            let proxied = try await client.send(
                "GET", path, headers: ["If-None-Match": "\(suffixed)"])
            #expect(proxied.status == 304 && proxied["ETag"] == tag)
            try await client.createGood()
            let later = try await client.send("GET", path, headers: ["If-None-Match": tag])
            #expect(later.status == 200)
            #expect(later["ETag"] != tag)
            // The same page of a longer list is another answer: its total differs.
            let page = try await client.send("GET", path + "?perPage=1")
            _ = try await client.send(
                "POST", path, body: Client.good.replacing("4321", with: "4322"))
            let longer = try await client.send("GET", path + "?perPage=1")
            #expect(page.text == longer.text)
            #expect(page["ETag"] != longer["ETag"])
        }
    }

    @Test func linksLeadThroughAllPages() async throws {
        try await Client.with { client in
            _ = try await client.store.createNumbers(
                Array(DemoNumbers(seed: 1).prefix(105)), onlyIfEmpty: true)
            var path: String? = "/api/v1/numbers?perPage=25&sort=-setupPrice"
            var ids: [Int] = []
            var pages = 0
            while let next = path {
                let answer = try await client.send("GET", next)
                let numbers = try #require(answer.json as? [[String: Any]])
                ids += try numbers.map { try #require($0["id"] as? Int) }
                pages += 1
                path = Self.link("next", in: try #require(answer["Link"]))
            }
            #expect(pages == 5)
            #expect(Set(ids) == Set(1...105))
            #expect(ids.count == 105)
        }
    }

    @Test(
        arguments: [
            (1, nil, 2, 5), (3, 2, 4, 5), (5, 4, nil, 5), (6, 5, nil, 5), (99, 5, nil, 5),
        ] as [(Int, Int?, Int?, Int)])
    func linksFitThePage(page: Int, previous: Int?, next: Int?, last: Int) async throws {
        try await Client.with { client in
            _ = try await client.store.createNumbers(
                Array(DemoNumbers(seed: 1).prefix(105)), onlyIfEmpty: true)
            let answer = try await client.send("GET", "/api/v1/numbers?page=\(page)")
            let links = try #require(answer["Link"])
            let path = { (page: Int?) in page.map { "/api/v1/numbers?page=\($0)" } }
            #expect(Self.link("first", in: links) == path(1))
            #expect(Self.link("prev", in: links) == path(previous))
            #expect(Self.link("next", in: links) == path(next))
            #expect(Self.link("last", in: links) == path(last))
        }
    }

    @Test func aCarrierMayInsistOnRangesThatAreKnown() async throws {
        try await Client.with(configuration: .testing(numberCheck: .valid)) { client in
            let odd = Client.good.replacing("84 91234", with: "20 91234")
            let answer = try await client.send("POST", "/api/v1/numbers", body: odd)
            #expect(answer.status == 422)
            #expect(answer.text.contains("known to be in use"))
        }
    }

    @Test func aStoredFormerNumberCanBeEdited() async throws {
        try await Client.with { client in
            try await client.store.createNumber(.former)
            let path = "/api/v1/numbers/1"
            let stored = Client.good.replacing("+55 84 91234-4321", with: "+229 95 12 34 56")
            func status(_ method: String, _ path: String, _ body: String) async throws -> Int {
                try await client.send(method, path, body: body).status
            }
            #expect(try await status("PATCH", path, #"{"monthyPrice":"0.05"}"#) == 200)
            #expect(try await status("PUT", path, stored) == 200)
            #expect(try await status("PATCH", path, #"{"value":"+22995123456"}"#) == 200)
            #expect(try await client.store.number(1).content == .former)

            let other = stored.replacing("56", with: "57")
            for (method, path, body) in [
                ("PUT", path, other), ("PATCH", path, #"{"value":"+22995123457"}"#),
                ("POST", "/api/v1/numbers", other), ("POST", "/api/v1/numbers", stored),
            ] {
                let response = try await client.send(method, path, body: body)
                #expect(response.status == 422)
                #expect(response.text.contains("since November 2024"))
                #expect(response.text.contains(#""pointer":"/value""#))
            }
            let bad = other.replacing("0.03", with: "-1")
            let errors = try await client.send("PUT", path, body: bad).object["errors"] as? [Any]
            #expect(errors?.count == 2)
            let current = Client.good.replacing("+55 84 91234-4321", with: "+229 01 95 12 34 56")
            #expect(try await status("PUT", path, current) == 200)
        }
    }

    private static func link(_ relation: String, in header: String) -> String? {
        let link = header.components(separatedBy: ", ").first { $0.hasSuffix("\"\(relation)\"") }
        guard let address = link?.dropFirst().prefix(while: { $0 != ">" }) else { return nil }
        return String(address).replacing("http://localhost", with: "")
    }
}
