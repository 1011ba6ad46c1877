import Credentials
import Foundation
import Inventory
@testable import InventoryAPI
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import StoreTesting
import Testing

/// What goes on to be answered, and what is answered at once.
@Suite struct KeptAnswerHandlerTests {
    /// A connection whose requests the test answers itself.
    private struct Connection {
        let channel: NIOAsyncTestingChannel
        let handler: NIOLoopBound<KeptAnswerHandler>
        let store: any TransferableStore
        let token: SessionToken

        /// Sends a request, and returns whether it went on to be answered.
        func ask(_ path: String = "/1", _ headers: HTTPHeaders = [:]) async throws -> Bool {
            let head = HTTPRequestHead(
                version: .http1_1, method: .GET, uri: path, headers: headers)
            try await channel.writeInbound(HTTPServerRequestPart.head(head))
            try await channel.writeInbound(HTTPServerRequestPart.end(nil))
            guard let part = try await channel.readInbound(as: HTTPServerRequestPart.self) else {
                return false
            }
            #expect(part == .head(head))
            #expect(try await channel.readInbound(as: HTTPServerRequestPart.self) == .end(nil))
            return true
        }

        /// Answers as the API does, after it has found out who asks.
        func answer(
            _ body: String, status: HTTPResponseStatus = .ok, mayBeKept: Bool = true
        ) async throws {
            if mayBeKept {
                let authentication = try await store.authenticate(token.digest, now: .now)
                try #require(authentication.session != nil && authentication.state != nil)
                try await channel.testingEventLoop.executeInContext {
                    handler.value.keepAnswer(to: token.digest, authentication, route: "/1")
                }
            }
            let head = HTTPResponseHead(
                version: .http1_1, status: status,
                headers: ["ETag": "\"1\"", "Request-Id": "of-the-first", "Date": "then"])
            try await channel.writeOutbound(HTTPServerResponsePart.head(head))
            try await channel.writeOutbound(
                HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: body))))
            try await channel.writeOutbound(HTTPServerResponsePart.end(nil))
            _ = try await taken()
        }

        /// What the client has been sent since it was last looked at.
        func taken() async throws -> (head: HTTPResponseHead?, body: String) {
            var (head, body) = (HTTPResponseHead?.none, "")
            while let part = try await channel.readOutbound(as: HTTPServerResponsePart.self) {
                switch part {
                case .head(let part): head = part
                case .body(.byteBuffer(let piece)): body += String(buffer: piece)
                default: break
                }
            }
            return (head, body)
        }
    }

    private func withConnection(_ body: (Connection) async throws -> Void) async throws {
        try await Backend.sqliteFile.withStore { store in
            let hash = try await PasswordHasher(cost: .least).hash(
                Password(presented: Client.password))
            let username = Username(stored: "ana")
            _ = try await store.createUser(
                UserDraft(username: username, role: .supervisor, passwordHash: hash))
            let token = SessionToken.random()
            let draft = SessionDraft(
                username: username, passwordHash: hash, digest: token.digest,
                expiresAt: Date(timeIntervalSinceNow: 3600))
            try #require(try await store.createSession(draft, now: .now) != nil)
            let answers = KeptAnswers(store: store, configuration: .testing())
            let channel = NIOAsyncTestingChannel()
            let handler = try await channel.testingEventLoop.executeInContext {
                let handler = KeptAnswerHandler(answers: answers, logger: .silent)
                try channel.pipeline.syncOperations.addHandler(handler)
                return NIOLoopBound(handler, eventLoop: channel.eventLoop)
            }
            try await body(
                Connection(channel: channel, handler: handler, store: store, token: token))
        }
    }

    @Test func anAnswerIsGivenAgainUnderANameOfItsOwn() async throws {
        try await withConnection { connection in
            #expect(try await connection.ask())
            try await connection.answer("first")
            #expect(try await !connection.ask("/1", ["X-Request-Id": "of-the-second"]))
            let (head, body) = try await connection.taken()
            #expect(head?.status == .ok)
            #expect(body == "first")
            #expect(head?.headers["ETag"] == ["\"1\""])
            #expect(head?.headers["Request-Id"] == ["of-the-second"])
            #expect(head?.headers["Date"].count == 1)
            #expect(head?.headers["Date"] != ["then"])
        }
    }

    @Test func itIsNotGivenOnceTheInventoryHasChanged() async throws {
        try await withConnection { connection in
            #expect(try await connection.ask())
            try await connection.answer("first")
            let numbers = Array(DemoNumbers(seed: 1).prefix(1))
            _ = try await connection.store.createNumbers(numbers, onlyIfEmpty: false)
            #expect(try await connection.ask())
            try await connection.answer("second")
            #expect(try await !connection.ask())
            #expect(try await connection.taken().body == "second")
        }
    }

    @Test func itIsNotGivenOnceTheSessionHasEnded() async throws {
        try await withConnection { connection in
            #expect(try await connection.ask())
            try await connection.answer("first")
            try await connection.store.endSession(connection.token.digest)
            #expect(try await connection.ask())
        }
    }

    @Test func otherRequestsGoOn() async throws {
        try await withConnection { connection in
            #expect(try await connection.ask())
            try await connection.answer("first")
            #expect(try await connection.ask("/2"))
            try await connection.answer("second")
            #expect(try await connection.ask("/1", ["Accept": "text/html"]))
        }
    }

    @Test func whatDependsOnMoreIsNotKept() async throws {
        try await withConnection { connection in
            #expect(try await connection.ask())
            try await connection.answer("first", mayBeKept: false)
            #expect(try await connection.ask())
        }
    }

    @Test(arguments: [HTTPResponseStatus.notFound, .internalServerError, .serviceUnavailable])
    func aFailureIsNotKept(status: HTTPResponseStatus) async throws {
        try await withConnection { connection in
            #expect(try await connection.ask())
            try await connection.answer("first", status: status)
            #expect(try await connection.ask())
        }
    }

    @Test func aLongAnswerIsNotKept() async throws {
        try await withConnection { connection in
            #expect(try await connection.ask())
            try await connection.answer(String(repeating: "x", count: KeptAnswers.largestBody + 1))
            #expect(try await connection.ask())
        }
    }
}
