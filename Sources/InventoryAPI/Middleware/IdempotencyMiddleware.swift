internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import Synchronization

/// Reads the `Idempotency-Key` of a POST, and hashes the request as it is read.
struct IdempotencyMiddleware: RouterMiddleware {
    let now: @Sendable () -> Date
    private let keys = KeysInUse()

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    func handle(
        _ request: Request, context: SupervisorContext,
        next: (Request, SupervisorContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .post, let key = try request.idempotencyKey(of: context.user)
        else { return try await next(request, context) }
        let keyed = KeyedRequest(key: key, at: now(), digest: request.digest, keys: keys)
        var (request, context) = (request, context)
        context.keyedRequest = keyed
        request.body = RequestBody(asyncSequence: request.body.map(keyed.hash))
        return try await next(request, context)
    }
}

/// A request with an `Idempotency-Key`, and the digest of what was read of it.
final class KeyedRequest: Sendable {
    fileprivate let key: IdempotencyKey
    fileprivate let at: Date
    fileprivate let keys: KeysInUse
    fileprivate let currentDigest: Mutex<RequestDigest>

    init(key: IdempotencyKey, at: Date, digest: RequestDigest, keys: KeysInUse) {
        self.key = key
        self.at = at
        self.keys = keys
        currentDigest = Mutex(digest)
    }

    @Sendable fileprivate func hash(_ piece: ByteBuffer) -> ByteBuffer {
        piece.withUnsafeReadableBytes { bytes in currentDigest.withLock { $0.update(bytes) } }
        return piece
    }
}

extension KeyedRequest {
    /// - Parameter response: Is stored with the change, to be replayed.
    func once<Outcome>(
        _ response: @escaping @Sendable (Outcome) -> ChangeResponse
    ) -> IdempotentRequest<Outcome> {
        IdempotentRequest(key, currentDigest.withLock { $0 }, at: at, response: response)
    }
}

extension SupervisorContext {
    /// Responds with what `write` returns, or replays the response if the same request was done before.
    ///
    /// - Parameter write: Gets nil if the request has no `Idempotency-Key`.
    func respond(
        to write: (KeyedRequest?) async throws -> ChangeResponse
    ) async throws -> Response {
        guard let keyedRequest else { return Response(try await write(nil)) }
        do {
            return try await keyedRequest.keys.holding(keyedRequest.key) {
                Response(try await write(keyedRequest))
            }
        } catch let replay as Replay {
            var response = Response(replay.response)
            response.headers[.idempotencyReplayed] = "true"
            return response
        }
    }
}

extension Request {
    /// A hash of what identifies the request, without its body.
    fileprivate var digest: RequestDigest {
        RequestDigest([
            method.rawValue, uri.path, uri.query, headers[.ifMatch], headers[.contentType],
        ])
    }

    /// The key, as a bare text or a string in double quotes (RFC 9651 §3.3.3), which are the same.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    fileprivate func idempotencyKey(of user: User) throws -> IdempotencyKey? {
        let values = headers[values: .idempotencyKey]
        guard let value = values.first else { return nil }
        do throws(InvalidValue) {
            guard values.count == 1 else { throw InvalidValue("must be given once only") }
            return try IdempotencyKey(
                value.utf8.first == UInt8(ascii: "\"") ? Self.unquoted(value) : value,
                of: user.username.description)
        } catch {
            throw Problem(
                type: .malformedHeader, detail: "\(HTTPField.Name.idempotencyKey) \(error.reason).")
        }
    }

    private static func unquoted(_ text: String) throws(InvalidValue) -> String {
        guard text.utf8.count <= 1024, let match = text.wholeMatch(of: #/"((?:[^"\\]|\\["\\])*)"/#)
        else { throw InvalidValue("must be one text, or a string in double quotes") }
        return String(match.1.replacing(#/\\(.)/#) { $0.1 })
    }
}
