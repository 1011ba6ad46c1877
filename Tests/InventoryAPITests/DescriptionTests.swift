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

    /// Pages and `HEAD` are not operations of a client.
    @Test func operationsAreTheRoutesOfTheAPIAndHealth() throws {
        let routes = inventoryRoutes(store: client.store).filter { route in
            ["/api/v1", "/livez", "/readyz"].contains { route.path.hasPrefix($0) }
        }
        let operations = description.operations.map { "\($0.method) \($0.path)" }
        #expect(operations.sorted() == routes.map { "\($0.method) \($0.path)" }.sorted())
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
            let example =
                ["sort": "id", "currency": "U$", "include": "version", "suffix": "001"][name] ?? "1"
            #expect(try await client.status("GET numbers?\(name)=\(example)") == 200)
        }
        let text = try #require(operation["description"] as? String)
        for alias in ParameterAliases.names { #expect(text.contains("`\(alias)`")) }
    }

    @Test func roleHasEveryRole() throws {
        let roles = try description.schema("Role")["enum"] as? [String]
        #expect(roles?.sorted() == Role.allCases.map(\.rawValue).sorted())
    }

    /// `/docs` shows these examples; end-to-end tests compare them with real responses.
    @Test func everyBodyAndResponseHasAnExample() {
        let responses = description.components["responses"] ?? [:]
        var bodies = responses.map { ($0, $1) }
        for (method, path, operation) in description.operations {
            bodies.append(("\(method) \(path)", operation["requestBody"] ?? [:]))
            for (status, response) in operation["responses"] as? [String: Any] ?? [:] {
                bodies.append(("\(method) \(path) \(status)", response))
            }
        }
        for (name, body) in bodies {
            let content = (body as? [String: Any])?["content"] as? [String: [String: Any]]
            for (type, each) in content ?? [:] {
                let isBinary = (each["schema"] as? [String: Any])?["format"] != nil
                let example = each["example"] ?? each["examples"]
                #expect((example != nil) != isBinary, "\(name) \(type)")
            }
        }
    }

    @Test func examplesOfProblemsHaveTheTitlesOfTheirTypes() throws {
        for case let response as [String: Any] in try #require(description.components["responses"])
            .values
        {
            let content = response["content"] as? [String: [String: Any]]
            let media = try #require(content?["application/problem+json"])
            let several = media["examples"] as? [String: [String: Any]]
            for example in several?.values.map({ $0["value"] }) ?? [media["example"]] {
                let problem = try #require(example as? [String: Any])
                let name = (problem["type"] as? String)?.dropFirst("/problems/".count)
                let type = try #require(ProblemType.allCases.first { $0.name == name ?? "" })
                #expect(problem["title"] as? String == type.title)
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
        let others = ["NumberDraft": [], "Number": ["id", "version"]][schema] ?? ["id"]
        #expect(Set(try description.properties(of: schema).keys) == Set(Self.members + others))
        let required = try description.schema(schema)["required"] as? [String] ?? []
        #expect(
            required.filter { $0 != "id" } == (schema == "NumberPatch" ? [] : Self.members))
    }

    @Test func schemasOfChangesHaveEveryMemberAndFilter() throws {
        let members = Set(Self.members)
        #expect(Set(try description.properties(of: "NumberContent").keys) == members)
        let adjustments = try description.properties(of: "Adjustments").keys
        #expect(Set(adjustments) == members.subtracting(["value"]))
        let selection = try description.properties(of: "Selection").keys
        #expect(Set(selection) == Set(NumberFilter.names + ["ids", "all"]))
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
        let names = script.matches(of: /{\s*name:\s*"([A-Za-z]+)"/).map { String($0.1) }
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

    var operations: [(method: String, path: String, content: [String: Any])] {
        paths.flatMap { path, item in
            item.compactMap { name, value in
                (value as? [String: Any]).map { (name.uppercased(), path, $0) }
            }
        }
    }

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
