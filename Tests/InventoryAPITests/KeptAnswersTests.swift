import Credentials
import Inventory
@testable import InventoryAPI
import NIOCore
import NIOHTTP1
import StoreTesting
import Testing

/// What is kept, and how much of it.
@Suite struct KeptAnswersTests {
    private func withAnswers(_ body: (KeptAnswers) async throws -> Void) async throws {
        try await Backend.sqliteInMemory.withStore { store in
            try await body(KeptAnswers(store: store, configuration: .testing()))
        }
    }

    private func key(_ path: String) throws -> RequestKey {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
        return try #require(RequestKey(head, peer: ""))
    }

    private func answer(_ body: String, in state: String?) -> KeptAnswers.Answer {
        KeptAnswers.Answer(
            head: HTTPResponseHead(version: .http1_1, status: .ok), body: ByteBuffer(string: body),
            token: nil,
            authentication: Authentication(
                session: nil, state: state.map { InventoryState($0) }),
            metrics: RequestMetricsByKind()(method: "GET", route: "/", status: 200))
    }

    private func body(_ answers: KeptAnswers, _ path: String) throws -> String? {
        try answers.answer(to: key(path)).map { String(buffer: $0.body) }
    }

    @Test func isFoundByItsRequest() async throws {
        try await withAnswers { answers in
            answers.keep(answer("first", in: "a"), to: try key("/1"))
            answers.keep(answer("second", in: "a"), to: try key("/1?page=2"))
            #expect(try body(answers, "/1") == "first")
            #expect(try body(answers, "/1?page=2") == "second")
            #expect(try body(answers, "/2") == nil)
        }
    }

    @Test func allGoWithTheStateThatTheyWereMadeIn() async throws {
        try await withAnswers { answers in
            answers.keep(answer("first", in: "a"), to: try key("/1"))
            answers.keep(answer("second", in: "b"), to: try key("/2"))
            #expect(try body(answers, "/1") == nil)
            #expect(try body(answers, "/2") == "second")
        }
    }

    @Test func nothingIsKeptWhereNobodyKnowsTheState() async throws {
        try await withAnswers { answers in
            answers.keep(answer("first", in: nil), to: try key("/1"))
            #expect(try body(answers, "/1") == nil)
        }
    }

    @Test func allTogetherAreBounded() async throws {
        try await withAnswers { answers in
            let large = String(repeating: "x", count: KeptAnswers.largestBody)
            let most = KeptAnswers.mostBytes / KeptAnswers.largestBody
            for number in 0..<most {
                answers.keep(answer(large, in: "a"), to: try key("/\(number)"))
            }
            // The last one found no room beside the others.
            #expect(try body(answers, "/0") == nil)
            #expect(try body(answers, "/\(most - 1)") == large)
        }
    }
}
