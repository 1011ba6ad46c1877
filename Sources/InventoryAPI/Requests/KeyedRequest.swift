internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import Synchronization

/// A request with an `Idempotency-Key`, and the digest of its head and of the body read so far.
final class KeyedRequest: Sendable {
    fileprivate let key: IdempotencyKey
    fileprivate let at: Date
    fileprivate let keys: KeysInUse
    fileprivate let digest: Mutex<RequestDigest>

    init?(_ request: Request, of user: User, at: Date, _ keys: KeysInUse) throws {
        guard let key = try request.idempotencyKey(of: user) else { return nil }
        self.key = key
        self.at = at
        self.keys = keys
        digest = Mutex(
            RequestDigest([
                request.method.rawValue, request.uri.path, request.uri.query,
                request.headers[.ifMatch], request.headers[.contentType],
            ]))
    }

    func hash(_ piece: ByteBuffer) {
        piece.withUnsafeReadableBytes { bytes in digest.withLock { $0.update(bytes) } }
    }
}

extension UserContext {
    /// Calls `write` after the body was read. If the same request was executed before, replays its
    /// stored `response` instead. `write` gets nil if the request has no `Idempotency-Key`.
    func respond<Outcome>(
        _ response: @escaping @Sendable (Outcome) -> ChangeResponse,
        _ write: (IdempotentRequest<Outcome>?) async throws -> Outcome
    ) async throws -> Response {
        guard let keyedRequest else { return Response(response(try await write(nil))) }
        let once = IdempotentRequest(
            keyedRequest.key, keyedRequest.digest.withLock { $0 }, at: keyedRequest.at,
            response: response)
        do {
            return try await keyedRequest.keys.holding(keyedRequest.key) {
                Response(response(try await write(once)))
            }
        } catch let replay as Replay {
            var response = Response(replay.response)
            response.headers[.idempotencyReplayed] = "true"
            return response
        }
    }
}

extension Response {
    init(_ response: ChangeResponse) {
        var headers: HTTPFields = [:]
        headers[.location] = response.location
        headers[.eTag] = response.etag
        headers[.changeID] = response.change.map(String.init)
        self.init(
            status: HTTPResponse.Status(integerLiteral: response.status), headers: headers,
            jsonText: response.body)
    }
}

extension Request {
    /// The key, which may be a bare text or a string in double quotes (RFC 9651 §3.3.3); both mean
    /// the same.
    fileprivate func idempotencyKey(of user: User) throws -> IdempotencyKey? {
        let values = headers[values: .idempotencyKey]
        guard let value = values.first else { return nil }
        do throws(InvalidValue) {
            guard values.count == 1 else { throw InvalidValue("must be given once only") }
            return try IdempotencyKey(
                value.utf8.first == UInt8(ascii: "\"") ? Self.unquoted(value) : value,
                of: user.username.description)
        } catch {
            throw Problem(.malformedHeader, "\(HTTPField.Name.idempotencyKey) \(error.reason).")
        }
    }

    private static func unquoted(_ text: String) throws(InvalidValue) -> String {
        guard text.utf8.count <= 1024, let match = text.wholeMatch(of: #/"((?:[^"\\]|\\["\\])*)"/#)
        else { throw InvalidValue("must be one text, or a string in double quotes") }
        return String(match.1.replacing(#/\\(.)/#) { $0.1 })
    }
}

/// The idempotency keys of the requests in progress in this process. The store would also make
/// requests with an equal key wait, but each would occupy a connection or a queue slot.
final class KeysInUse: Sendable {
    /// How many requests may wait in total, each for another one with the same key.
    private static let mostWaiting = 100

    private let keys = Mutex<Set<IdempotencyKey>>([])
    private let waiting = Quota(mostWaiting)

    /// Calls `body` when no other request uses the key. Throws after
    /// ``IdempotencyKey/longestWait``, or at once if too many requests wait.
    func holding<Value>(
        _ key: IdempotencyKey, _ body: () async throws -> Value
    ) async throws -> Value {
        if !take(key) {
            guard waiting.reserve(1) else { throw InventoryError.idempotencyKeyInUse }
            defer { waiting.release(1) }
            guard try await IdempotencyKey.longestWait.wait(until: { take(key) }) else {
                throw InventoryError.idempotencyKeyInUse
            }
        }
        defer { keys.withLock { _ = $0.remove(key) } }
        return try await body()
    }

    private func take(_ key: IdempotencyKey) -> Bool {
        keys.withLock { $0.insert(key).inserted }
    }
}
