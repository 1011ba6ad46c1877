import Foundation
import HTTPTypes
import Hummingbird
import Inventory
import InventoryAPI
import StoreTesting
import Testing

/// The OpenAPI document says what the program does, both ways.
@Suite struct DescriptionTests {
    private func withDocument(_ body: @Sendable @escaping ([String: Any]) throws -> Void)
        async throws
    {
        try await Client.with { client in
            try body(try await client.send("GET", "/api/v1/openapi.json").object)
        }
    }

    @Test func describesEveryRouteAndNoOther() async throws {
        try await Backend.sqliteInMemory.withStore { store in
            var routes: Set<String> = []
            for route in inventoryRoutes(store: store) {
                routes.insert("\(route.method) \(route.path)")
                // HEAD is wherever GET is.
                if route.method == "GET" { routes.insert("HEAD \(route.path)") }
            }
            let expected = routes
            try await withDocument { document in
                let paths = try #require(document["paths"] as? [String: [String: Any]])
                let methods: Set = ["get", "head", "post", "put", "patch", "delete"]
                let described = paths.flatMap { path, operations in
                    operations.keys.filter(methods.contains).map { "\($0.uppercased()) \(path)" }
                }
                #expect(Set(described) == expected)
            }
        }
    }

    @Test func describesEveryParameterOfTheList() async throws {
        try await Client.with { client in
            let document = try await client.send("GET", "/api/v1/openapi.json").object
            let names = try Self.parameterNames(of: "get", at: "/api/v1/numbers", in: document)
            #expect(
                names
                    == Set(["page", "perPage", "sort", "If-None-Match"] + NumberFilter.names))
            // Each of them is known to the program: it does not answer 400.
            for name in names where name != "If-None-Match" {
                let example = ["sort": "id", "currency": "U$"][name] ?? "1"
                let path = "/api/v1/numbers?\(name)=\(example)"
                #expect(try await client.send("GET", path).status == 200)
            }
        }
    }

    private static func parameterNames(
        of method: String, at path: String, in document: [String: Any]
    ) throws -> Set<String> {
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let operation = try #require(paths[path]?[method] as? [String: Any])
        let shared = try #require(
            (document["components"] as? [String: Any])?["parameters"] as? [String: [String: Any]])
        let parameters = try #require(operation["parameters"] as? [[String: Any]])
        return Set(
            try parameters.map { parameter in
                let reference = (parameter["$ref"] as? String)?.split(separator: "/").last
                let resolved = reference.flatMap { shared[String($0)] } ?? parameter
                return try #require(resolved["name"] as? String)
            })
    }

    @Test func describesEveryRole() async throws {
        try await withDocument { document in
            let components = try #require(document["components"] as? [String: [String: Any]])
            for name in ["User", "Account", "NewUser", "UserPatch"] {
                let user = try #require(components["schemas"]?[name] as? [String: Any])
                let properties = try #require(user["properties"] as? [String: [String: Any]])
                let roles = try #require(properties["role"]?["enum"] as? [String])
                #expect(Set(roles) == Set(Role.allCases.map(\.rawValue)))
            }
        }
    }

    /// `/docs` shows one of each.
    @Test func everyBodyHasAnExample() async throws {
        try await withDocument { document in
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            for (path, operations) in paths {
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
    }

    @Test func explainsEveryTypeOfProblem() async throws {
        try await Client.with { client in
            for type in ProblemType.allCases {
                let answer = try await client.send("GET", "/problems/\(type.rawValue)")
                #expect(answer.status == 200)
                #expect(answer.text.contains(type.title))
            }
        }
    }
}
