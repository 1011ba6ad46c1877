import StoreTesting
import Testing

@Suite struct ScenarioTests {
    @Test(arguments: Backend.allCases, Scenario.all)
    func isAnswered(backend: Backend, scenario: Scenario) async throws {
        try await Client.with(backend: backend) { client in
            try await client.createGood()
            let second = Client.good.replacing("4321", with: "4322")
            _ = try await client.send("POST", "/api/v1/numbers", body: second)
            let answer = try await client.send(
                scenario.method, scenario.path, body: scenario.body, headers: scenario.headers)
            #expect(answer.status == scenario.status, "\(answer.text)")
            for part in scenario.contains { #expect(answer.text.contains(part), "\(answer.text)") }
            for part in scenario.omits { #expect(!answer.text.contains(part), "\(answer.text)") }
            for (name, value) in scenario.answers {
                #expect((answer[name] ?? "") == value, "\(name)")
            }
            try expectWhatEveryAnswerHas(answer, method: scenario.method)
        }
    }

    private func expectWhatEveryAnswerHas(_ answer: Client.Answer, method: String) throws {
        #expect(answer["Request-Id"]?.isEmpty == false)
        #expect(answer["Cache-Control"] != nil)
        guard method != "HEAD" else {
            #expect(answer.text.isEmpty)
            return
        }
        guard answer.status >= 400 else { return }
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.object["status"] as? Int == answer.status)
        #expect(answer.object["requestId"] as? String == answer["Request-Id"])
        #expect((answer.object["type"] as? String)?.hasPrefix("/problems/") == true)
        #expect((answer.object["title"] as? String)?.isEmpty == false)
        #expect(answer.detail.hasSuffix(".") || answer.detail.hasSuffix("?"), "a sentence")
    }
}
