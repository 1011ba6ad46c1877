import Foundation
import HTTPTypes
import Hummingbird
import Inventory
import StoreTesting
import Testing

@testable import InventoryAPI

/// The OpenAPI document and the console match the program.
@Suite(.stores) struct DescriptionTests {
    private static let members = NumberContent.Member.allCases.map(\.rawValue)
    private let client: Client
    private let description: APIDescription

    init() async throws {
        client = try await Client()
        description = try await client.description()
    }

    @Test func routesAreThoseOfTheRouter() throws {
        var expected: Set<String> = []
        for route in inventoryRoutes(store: client.store) {
            expected.insert("\(route.method) \(route.path)")
            // The router adds HEAD to each GET.
            if route.method == "GET" { expected.insert("HEAD \(route.path)") }
        }
        let methods: Set = ["get", "head", "post", "put", "patch", "delete"]
        let described = description.paths.flatMap { path, operations in
            operations.keys.filter(methods.contains).map { "\($0.uppercased()) \(path)" }
        }
        #expect(Set(described) == expected)
    }

    @Test func parametersOfTheListAreThoseOfTheProgram() async throws {
        let operation = try #require(description.operation("GET", "/api/v1/numbers"))
        let parameters = try #require(operation["parameters"] as? [[String: Any]])
        let shared = try #require(description.components["parameters"])
        let names = try parameters.map { parameter in
            let reference = (parameter["$ref"] as? String)?.split(separator: "/").last
            let resolved = reference.flatMap { shared[String($0)] } as? [String: Any]
            return try #require((resolved ?? parameter)["name"] as? String)
        }
        #expect(Set(names) == Set(NumberList.parameterNames + ["If-None-Match"]))
        for name in names where name != "If-None-Match" {
            let example = ["sort": "id", "currency": "U$", "include": "version"][name] ?? "1"
            #expect(try await client.status("GET numbers?\(name)=\(example)") == 200)
        }
        let text = try #require(operation["description"] as? String)
        for alias in ParameterAliases.names { #expect(text.contains("`\(alias)`")) }
    }

    @Test(arguments: ["User", "Account", "NewUser", "UserPatch"])
    func schemaHasEveryRole(schema: String) throws {
        let role = try #require(description.properties(of: schema)["role"] as? [String: Any])
        #expect(Set(role["enum"] as? [String] ?? []) == Set(Role.allCases.map(\.rawValue)))
    }

    /// `/docs` shows these examples.
    @Test func everyBodyHasAnExample() {
        for (path, operations) in description.paths {
            for case (let method, let operation as [String: Any]) in operations {
                let body = operation["requestBody"] as? [String: Any]
                let content = body?["content"] as? [String: [String: Any]] ?? [:]
                for (type, each) in content {
                    let example = each["example"] ?? each["examples"]
                    #expect(example != nil, "\(method) \(path) \(type)")
                }
            }
        }
    }

    @Test func everyProblemTypeHasAPage() async throws {
        for type in ProblemType.allCases {
            let response = try await client.send("GET /problems/\(type.name)")
            #expect(response.status == 200)
            #expect(response.text.contains(type.title))
        }
    }

    @Test(arguments: ["Number", "NumberDraft", "NumberReplacement", "NumberPatch"])
    func schemaHasEveryMemberOfANumber(schema: String) throws {
        let others = schema == "Number" ? ["id", "version"] : ["id"]
        #expect(Set(try description.properties(of: schema).keys) == Set(Self.members + others))
        let required = try description.schema(schema)["required"] as? [String] ?? []
        #expect(
            required.filter { $0 != "id" } == (schema == "NumberPatch" ? [] : Self.members))
    }

    @Test func schemasOfChangesHaveEveryMemberAndFilter() throws {
        let members = Set(Self.members)
        #expect(Set(try description.properties(of: "NumberContent").keys) == members)
        let change = try description.properties(of: "BulkChange")
        func names(_ name: String) -> Set<String> {
            let properties = (change[name] as? [String: Any])?["properties"] as? [String: Any]
            return Set(properties?.keys.map { $0 } ?? [])
        }
        #expect(names("set") == members.subtracting(["value"]))
        #expect(names("select") == Set(NumberFilter.names + ["ids", "all"]))
    }

    @Test func sortHasEveryColumn() throws {
        let sort = try #require(description.components["parameters"]?["sort"] as? [String: Any])
        let columns = SortKey.Column.allCases.map(\.name)
        let list = columns.map { "`\($0)`" }.joined(separator: ", ")
        #expect(try #require(sort["description"] as? String).contains(list))
        let column = "-?(" + columns.joined(separator: "|") + ")"
        let pattern = "^\(column)(,\(column)){0,\(columns.count - 1)}$"
        #expect((sort["schema"] as? [String: Any])?["pattern"] as? String == pattern)
    }

    @Test func consoleHasEveryMemberInOrder() async throws {
        let script = try await client.send("GET /console/members.js", as: .guest).text
        let names = script.matches(of: /{ name: "([A-Za-z]+)"/).map { String($0.1) }
        #expect(names == Self.members)
    }

    @Test func responsesHaveEveryMemberInOrder() async throws {
        try await client.createGood()
        try await client.createGood("4322")
        let first = try await client.send("GET numbers/1").text
        let names = first.matches(of: /"([A-Za-z]+)":/).map { String($0.1) }
        #expect(names == ["id"] + Self.members)
        let second = try await client.send("GET numbers/2").text
        #expect(try await client.send("GET numbers").text == "[\(first),\(second)]")
    }
}

/// The parts of the OpenAPI document.
struct APIDescription {
    let paths: [String: [String: Any]]
    let components: [String: [String: Any]]

    func operation(_ method: String, _ path: String) -> [String: Any]? {
        paths[path]?[method.lowercased()] as? [String: Any]
    }

    func schema(_ name: String) throws -> [String: Any] {
        try #require(components["schemas"]?[name] as? [String: Any])
    }

    func properties(of schema: String) throws -> [String: Any] {
        try #require(try self.schema(schema)["properties"] as? [String: Any])
    }
}

extension Client {
    func description() async throws -> APIDescription {
        let document = try await send("GET openapi.json").object
        return APIDescription(
            paths: try #require(document["paths"] as? [String: [String: Any]]),
            components: try #require(document["components"] as? [String: [String: Any]]))
    }
}
