import HTTPTypes
import Hummingbird
import Inventory
@testable import InventoryAPI
import NIOCore
import Testing

/// What is kept, and what is not.
@Suite struct KeptAnswersTests {
    private let answers = KeptAnswers()

    /// Asks for `path` while the inventory is in `state`.
    ///
    /// - Returns: The answer's body: the one that was kept, or else `content`.
    private func ask(
        _ path: String, host: String = "example", in state: String?, making content: String
    ) async throws -> String {
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: host, path: path),
            body: .init(buffer: ByteBuffer()))
        let response = try await answers.answer(request, in: state.map { InventoryState($0) }) {
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: content)))
        }
        let writer = Collector()
        try await response.body.write(writer)
        return String(buffer: writer.buffer)
    }

    private final class Collector: ResponseBodyWriter {
        var buffer = ByteBuffer()
        func write(_ piece: ByteBuffer) { buffer.writeImmutableBuffer(piece) }
        func finish(_ trailers: HTTPFields?) {}
    }

    @Test func isGivenAgainWhileTheStateIsTheSame() async throws {
        #expect(try await ask("/1", in: "a", making: "first") == "first")
        #expect(try await ask("/1", in: "a", making: "second") == "first")
        #expect(try await ask("/1", in: "b", making: "third") == "third")
        #expect(try await ask("/1", in: "b", making: "fourth") == "third")
        // What was kept before another state came is gone, also where a state's name came back.
        #expect(try await ask("/1", in: "a", making: "fifth") == "fifth")
    }

    @Test func isOneForEachAddressAndHost() async throws {
        #expect(try await ask("/1", in: "a", making: "first") == "first")
        #expect(try await ask("/1?page=2", in: "a", making: "second") == "second")
        #expect(try await ask("/1", host: "other", in: "a", making: "third") == "third")
        #expect(try await ask("/1", in: "a", making: "fourth") == "first")
    }

    @Test func isMadeAnewWhereNobodyKnowsTheState() async throws {
        #expect(try await ask("/1", in: nil, making: "first") == "first")
        #expect(try await ask("/1", in: nil, making: "second") == "second")
    }

    @Test func whatIsTooLongIsNotKept() async throws {
        let large = String(repeating: "x", count: KeptAnswers.largestAnswer + 1)
        #expect(try await ask("/1", in: "a", making: large) == large)
        #expect(try await ask("/1", in: "a", making: "second") == "second")
        let path = "/" + String(repeating: "x", count: KeptAnswers.longestURI)
        #expect(try await ask(path, in: "a", making: "first") == "first")
        #expect(try await ask(path, in: "a", making: "second") == "second")
    }

    @Test func allTogetherAreBounded() async throws {
        let large = String(repeating: "x", count: KeptAnswers.largestAnswer)
        let most = KeptAnswers.mostBytes / KeptAnswers.largestAnswer
        for number in 0..<most { _ = try await ask("/\(number)", in: "a", making: large) }
        // The last one found no room beside the others.
        #expect(try await ask("/0", in: "a", making: "again") == "again")
        #expect(try await ask("/\(most - 1)", in: "a", making: "again") == large)
    }

    @Test func aFailureIsNotKept() async throws {
        struct Wanted: Error {}
        let request = Request(
            head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/1"),
            body: .init(buffer: ByteBuffer()))
        await #expect(throws: Wanted.self) {
            _ = try await answers.answer(request, in: InventoryState("a")) { throw Wanted() }
        }
        let response = try await answers.answer(request, in: InventoryState("a")) {
            Response(status: .noContent)
        }
        #expect(response.status == .noContent)
    }
}
