import StoreTesting
import Testing

/// One request to an inventory with number 1, ``Client/good``, and number 2, +55 84 91234-4322.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// Method and path.
    let request: String
    var body: String?
    var headers: [String: String] = [:]
    let status: Int
    /// Texts that the response's body contains.
    var parts: [String] = []
    /// Texts that the response's body does not contain.
    var absent: [String] = []
    /// Headers of the response; an empty value means that the response has no such header.
    var responseHeaders: [String: String] = [:]

    var testDescription: String { "\(request) \(body ?? "") \(headers) gives \(status)" }

    var isRead: Bool { ["GET", "HEAD", "OPTIONS"].contains { request.hasPrefix($0) } }

    static let firstJSON =
        #"{"id":1,"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#

    static let all = [
        reading, wrongIDs, currencies, listing, wrongQueries, aliases, index, queriesOfAll,
        queriesOfNone,
        pagesPastTheEnd, creating, changing, ids, deleting, bodies, others, proxied, conditions,
        malformedBodies, wrongMembers, users, wrongUsers, unknownUsers, history, filteredHistory,
        wrongHistory,
        bulk, selections, adjustments,
        exporting, wrongExports, importing, wrongImports, otherMethods,
    ].flatMap { $0 }

    /// One request of each kind whose response depends on what the store returns.
    static let oneOfEachKind = [
        reading, currencies, listing, aliases, queriesOfAll, queriesOfNone, creating, changing,
        deleting,
        users, history, bulk, exporting, importing,
    ].compactMap(\.first)
}

extension Scenario {
    init(
        _ request: String, _ body: String? = nil, with headers: [String: String] = [:],
        gives status: Int, _ parts: String..., lacks absent: [String] = [],
        has responseHeaders: [String: String] = [:]
    ) {
        self.init(
            request: request, body: body, headers: headers, status: status, parts: parts,
            absent: absent, responseHeaders: responseHeaders)
    }

    /// Requests with the same beginning. A row has the rest and a part of the response.
    static func each(
        _ beginning: String, gives status: Int, _ rows: KeyValuePairs<String, String>
    ) -> [Scenario] {
        rows.map { Scenario(beginning + $0.key, gives: status, $0.value) }
    }
}

@Suite(.stores) struct ScenarioTests {
    @Test(arguments: Scenario.all.filter { !$0.isRead })
    func responseIsAsDescribed(scenario: Scenario) async throws {
        try await check([scenario], on: .sqliteInMemory)
    }

    @Test(arguments: Backend.shared, Scenario.oneOfEachKind.filter { !$0.isRead })
    func responseDoesNotDependOnTheStore(backend: Backend, scenario: Scenario) async throws {
        try await check([scenario], on: backend)
    }

    @Test(arguments: Backend.allCases)
    func responsesToReadsAreAsDescribed(backend: Backend) async throws {
        let scenarios = backend == .sqliteInMemory ? Scenario.all : Scenario.oneOfEachKind
        try await check(scenarios.filter(\.isRead), on: backend)
    }

    private func check(_ scenarios: [Scenario], on backend: Backend) async throws {
        let client = try await Client(backend: backend)
        try await client.createGood()
        try await client.createGood("4322")
        for scenario in scenarios {
            let response = try await client.send(
                scenario.request, scenario.body, headers: scenario.headers)
            let comment: Comment = "\(scenario.testDescription): \(response.text)"
            #expect(response.status == scenario.status, comment)
            for part in scenario.parts { #expect(response.text.contains(part), comment) }
            for part in scenario.absent { #expect(!response.text.contains(part), comment) }
            for (name, value) in scenario.responseHeaders {
                #expect((response[name] ?? "") == value, comment)
            }
            checkWhatAllHaveInCommon(
                response, isHead: scenario.request.hasPrefix("HEAD"), comment)
        }
    }

    private func checkWhatAllHaveInCommon(
        _ response: Client.Response, isHead: Bool, _ comment: Comment
    ) {
        #expect(response["Request-Id"]?.isEmpty == false, comment)
        #expect(response["Cache-Control"] != nil, comment)
        if isHead { #expect(response.text.isEmpty, comment) }
        guard response.status >= 400, !isHead else { return }
        #expect(response["Content-Type"] == "application/problem+json", comment)
        #expect(response.object["status"] as? Int == response.status, comment)
        #expect(response.object["requestId"] as? String == response["Request-Id"], comment)
        #expect((response.object["type"] as? String)?.hasPrefix("/problems/") == true, comment)
        #expect((response.object["title"] as? String)?.isEmpty == false, comment)
        #expect(response.detail.hasSuffix(".") || response.detail.hasSuffix("?"), comment)
    }
}
