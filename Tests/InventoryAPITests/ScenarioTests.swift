import StoreTesting
import Testing

/// One request to an inventory with number 1, ``Client/good``, and number 2, +55 84 91234-4322.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// Method and path.
    let request: String
    let body: String?
    let headers: [String: String]
    let status: Int
    /// What the response's body contains.
    let parts: [String]
    /// What the response's body does not contain.
    let absent: [String]
    /// Headers of the response; an empty value means that the response has no such header.
    let responseHeaders: [String: String]

    var testDescription: String { "\(request) \(body ?? "") \(headers) gives \(status)" }

    init(
        _ request: String, _ body: String? = nil, with headers: [String: String] = [:], status: Int,
        parts: [String], lacks absent: [String] = [], has responseHeaders: [String: String] = [:]
    ) {
        self.request = request
        self.body = body
        self.headers = headers
        self.status = status
        self.parts = parts
        self.absent = absent
        self.responseHeaders = responseHeaders
    }

    init(
        _ request: String, _ body: String? = nil, with headers: [String: String] = [:],
        gives status: Int, _ parts: String..., lacks absent: [String] = [],
        has responseHeaders: [String: String] = [:]
    ) {
        self.init(
            request, body, with: headers, status: status, parts: parts, lacks: absent,
            has: responseHeaders)
    }

    static let firstJSON =
        #"{"id":1,"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#

    static let all = [
        reading, wrongIDs, currencies, listing, wrongQueries, queriesOfAll, queriesOfNone,
        pagesPastTheEnd, creating, changing, ids, deleting, bodies, others, proxied, conditions,
        users, history, bulk, exporting, importing, otherMethods,
    ].flatMap { $0 }

    /// Each kind of request whose response depends on what the store returns.
    static let oneOfEachKind = [
        reading, currencies, listing, queriesOfAll, queriesOfNone, creating, changing, deleting,
        users, history, bulk, exporting, importing,
    ].compactMap(\.first)
}

@Suite(.stores) struct ScenarioTests {
    @Test(arguments: Scenario.all)
    func responseIsAsDescribed(scenario: Scenario) async throws {
        try await check(scenario, on: .sqliteInMemory)
    }

    @Test(arguments: Backend.shared, Scenario.oneOfEachKind)
    func responseDoesNotDependOnTheStore(backend: Backend, scenario: Scenario) async throws {
        try await check(scenario, on: backend)
    }

    private func check(_ scenario: Scenario, on backend: Backend) async throws {
        let client = try await Client(backend: backend)
        try await client.createGood()
        try await client.createGood("4322")
        let response = try await client.send(
            scenario.request, scenario.body, headers: scenario.headers)
        #expect(response.status == scenario.status, "\(response.text)")
        for part in scenario.parts { #expect(response.text.contains(part), "\(response.text)") }
        for part in scenario.absent { #expect(!response.text.contains(part), "\(response.text)") }
        for (name, value) in scenario.responseHeaders {
            #expect((response[name] ?? "") == value, "\(name)")
        }
        checkWhatAllHaveInCommon(response, isHead: scenario.request.hasPrefix("HEAD"))
    }

    private func checkWhatAllHaveInCommon(_ response: Client.Response, isHead: Bool) {
        #expect(response["Request-Id"]?.isEmpty == false)
        #expect(response["Cache-Control"] != nil)
        if isHead { #expect(response.text.isEmpty) }
        guard response.status >= 400, !isHead else { return }
        #expect(response["Content-Type"] == "application/problem+json")
        #expect(response.object["status"] as? Int == response.status)
        #expect(response.object["requestId"] as? String == response["Request-Id"])
        #expect((response.object["type"] as? String)?.hasPrefix("/problems/") == true)
        #expect((response.object["title"] as? String)?.isEmpty == false)
        #expect(response.detail.hasSuffix(".") || response.detail.hasSuffix("?"), "a sentence")
    }
}
