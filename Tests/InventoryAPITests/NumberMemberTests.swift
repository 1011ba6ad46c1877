import Foundation
import Inventory
import Testing

/// What is no Swift, and so spells the members of a number again, spells all of them.
@Suite struct NumberMemberTests {
    private static let members = NumberContent.Member.allCases.map(\.rawValue)

    @Test(
        arguments: ["Number", "NumberDraft", "NumberReplacement", "NumberPatch"])
    func theDescriptionHasAll(schema name: String) async throws {
        try await Client.with { client in
            let document = try await client.send("GET", "/api/v1/openapi.json").object
            let components = try #require(document["components"] as? [String: Any])
            let schemas = try #require(components["schemas"] as? [String: [String: Any]])
            let schema = try #require(schemas[name])
            let properties = try #require(schema["properties"] as? [String: Any])
            #expect(Set(properties.keys) == Set(Self.members + ["id"]))
            let required = (schema["required"] as? [String] ?? []).filter { $0 != "id" }
            #expect(required == (name == "NumberPatch" ? [] : Self.members))
        }
    }

    @Test func theDescriptionHasAllInChangesAndTheirFilters() async throws {
        try await Client.with { client in
            let document = try await client.send("GET", "/api/v1/openapi.json").object
            let components = try #require(document["components"] as? [String: Any])
            let schemas = try #require(components["schemas"] as? [String: [String: Any]])
            func properties(_ schema: [String: Any]?) throws -> [String: [String: Any]] {
                try #require(schema?["properties"] as? [String: [String: Any]])
            }
            #expect(Set(try properties(schemas["NumberContent"]).keys) == Set(Self.members))
            let change = try properties(schemas["BulkChange"])
            #expect(
                Set(try properties(change["set"]).keys)
                    == Set(Self.members).subtracting(["value"]))
            #expect(
                Set(try properties(change["select"]).keys)
                    == Set(NumberFilter.names + ["ids", "all"]))
        }
    }

    @Test func theDescriptionSortsByAll() async throws {
        try await Client.with { client in
            let document = try await client.send("GET", "/api/v1/openapi.json").object
            let components = try #require(document["components"] as? [String: Any])
            let parameters = try #require(components["parameters"] as? [String: [String: Any]])
            let sort = try #require(parameters["sort"])
            let columns = SortKey.Column.allCases.map(\.name)
            let list = columns.map { "`\($0)`" }.joined(separator: ", ")
            #expect(try #require(sort["description"] as? String).contains(list))
            let schema = try #require(sort["schema"] as? [String: Any])
            let column = "-?(" + columns.joined(separator: "|") + ")"
            let pattern = "^\(column)(,\(column)){0,\(columns.count - 1)}$"
            #expect(schema["pattern"] as? String == pattern)
        }
    }

    @Test func theConsoleHasAllInTheirOrder() async throws {
        try await Client.with { client in
            let script = try await client.send("GET", "/console/members.js", as: .guest).text
            let names = script.matches(of: /{ name: "([A-Za-z]+)"/).map { String($0.1) }
            #expect(names == Self.members)
        }
    }

    @Test func anAnswerHasAllInTheirOrder() async throws {
        try await Client.with { client in
            try await client.createGood()
            let text = try await client.send("GET", "/api/v1/numbers/1").text
            let names = text.matches(of: /"([A-Za-z]+)":/).map { String($0.1) }
            #expect(names == ["id"] + Self.members)
        }
    }

    @Test func aPageTellsEachNumberAsItsOwnAddressDoes() async throws {
        try await Client.with { client in
            try await client.createGood()
            let other = Client.good.replacing("4321", with: "4322")
            try #require(
                try await client.send("POST", "/api/v1/numbers", body: other).status == 201)
            let texts = [
                try await client.send("GET", "/api/v1/numbers/1").text,
                try await client.send("GET", "/api/v1/numbers/2").text,
            ]
            let page = try await client.send("GET", "/api/v1/numbers").text
            #expect(page == "[" + texts.joined(separator: ",") + "]")
        }
    }
}
