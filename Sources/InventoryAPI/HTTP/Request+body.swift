internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import NIOCore
internal import Threads

extension Request {
    /// - Parameter threads: Parses long bodies, which takes milliseconds; nil if all are short.
    func objectInput(on threads: BlockingThreadPool? = nil) async throws -> ObjectReader {
        var bytes: [UInt8] = []
        for try await piece in body { bytes += piece.readableBytesView }
        guard !bytes.isEmpty else {
            throw Problem(.malformedBody, "The request has no body; send a JSON object.")
        }
        let patchTypes = method == .patch ? ["application/merge-patch+json"] : []
        try checkContentType(patchTypes + ["application/json"])
        guard let threads, bytes.count > ConnectionLimits.shortBody else {
            return try Self.object(in: bytes)
        }
        do {
            return try await threads.run { [bytes] in try Self.object(in: bytes) }
        } catch let error as BlockingThreadPool.Busy {
            throw InventoryError.unavailable(reason: error)
        }
    }

    private static func object(in bytes: [UInt8]) throws -> ObjectReader {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(.malformedBody, "The body is not UTF-8.")
        }
        do {
            return try ObjectReader(JSONParser.parse(text))
        } catch let error as JSONSyntaxError {
            let isObjectText = text.utf8.count < 64 && text.trimmingBlanks() == "[object Object]"
            throw Problem(
                .malformedBody,
                isObjectText
                    ? "The body is [object Object]; send JSON.stringify(object)."
                    : """
                    The body is not valid JSON: \(error.reason) at line \(error.line), column \(error.column).
                    """)
        }
    }

    /// Returns the body's media type, which must be one of `types`; the first of them is preferred.
    @discardableResult
    func checkContentType(_ types: [String]) throws -> String {
        let parts = (asciiHeader(.contentType) ?? "").lowercased().parts(separatedBy: ";")
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?
            .dropFirst(8).replacing("\"", with: "")
        let type = String(parts.first ?? "")
        // Files of UTF-16 have a byte order mark.
        let charsets: [Substring] =
            ["utf-8", "utf8", "us-ascii"] + (type.hasPrefix("text/") ? ["utf-16"] : [])
        guard types.contains(type), headers[.contentEncoding]?.isHeader("identity") ?? true,
            charset.map({ charsets.contains($0) }) ?? true
        else {
            // The header with the types depends on the method (RFC 9110 §15.5.16, RFC 5789 §3.1).
            let name = [.post: .acceptPost, .patch: .acceptPatch][method] ?? HTTPField.Name.accept
            throw Problem(
                .unsupportedMediaType,
                """
                Send the body as \(types.joined(separator: " or ")), in UTF-8 and not compressed.
                """,
                headers: [name: types.joined(separator: ", ")])
        }
        return type
    }
}

/// The body of a request, within the bounds of its route.
private struct BoundedBody: AsyncSequence, Sendable {
    let body: RequestBody
    let contentLength: Int
    let limit: Int
    /// The connection on which to send 100; nil if the client does not wait for it.
    let channel: (any Channel)?
    let keyedRequest: KeyedRequest?
    /// Called when the whole body has arrived.
    let check: @Sendable () async throws -> Void

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(bounded: self, pieces: body.makeAsyncIterator())
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let bounded: BoundedBody
        var pieces: RequestBody.AsyncIterator
        var isBegun = false
        var count = 0

        mutating func next() async throws -> ByteBuffer? {
            if !isBegun {
                isBegun = true
                // Check the announced length, so that the client need not send a rejected body.
                try check(bounded.contentLength)
                bounded.channel?.sendContinue()
            }
            guard let piece = try await nextPiece() else {
                try await bounded.check()
                return nil
            }
            count += piece.readableBytes
            try check(count)
            bounded.keyedRequest?.hash(piece)
            return piece
        }

        private func check(_ size: Int) throws(Problem) {
            let limit = bounded.limit
            guard size > limit else { return }
            let text = limit < 1024 * 1024 ? "\(limit / 1024) KiB" : "\(limit / 1024 / 1024) MiB"
            throw Problem(.contentTooLarge, "The body is larger than \(text).")
        }

        private mutating func nextPiece() async throws -> ByteBuffer? {
            do {
                return try await pieces.next(isolation: #isolation)
            } catch is RequestTimeout {
                throw Problem.requestTimeout
            } catch let error where !(error is CancellationError) {
                // The connection broke, or the chunks are malformed.
                throw Problem(.malformedBody, "The body ended early or could not be read.")
            }
        }
    }
}

extension Request {
    mutating func boundBody(
        to limit: Int, _ channel: any Channel, _ keyedRequest: KeyedRequest? = nil,
        check: @escaping @Sendable () async throws -> Void = {}
    ) {
        guard method != .get, method != .head else { return }
        body = RequestBody(
            asyncSequence: BoundedBody(
                body: body, contentLength: headers[.contentLength].map { Int($0) ?? .max } ?? 0,
                limit: limit, channel: headers.contains(.expect) ? channel : nil,
                keyedRequest: keyedRequest, check: check))
    }
}
