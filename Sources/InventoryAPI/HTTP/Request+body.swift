internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Threads

extension Request {
    /// The most bytes of a body.
    static let largestBody = 64 * 1024
    /// The most bytes of a body that may name as many numbers as can be changed at once.
    static let largestSelection = 1024 * 1024
    /// The most bytes of a body that is a file of numbers.
    static let largestFile = 64 * 1024 * 1024

    /// The body as an object that a client wrote.
    ///
    /// - Parameter largest: The most bytes that are taken.
    /// - Parameter threads: Where a long body is read, since that takes milliseconds; nil where all
    ///   are short.
    /// - Throws: ``Problem`` where the body is empty, too large, not JSON or not one object.
    func objectInput(
        accepting types: [String] = ["application/json"], atMost largest: Int = largestBody,
        on threads: BlockingThreadPool? = nil
    ) async throws -> ObjectReader {
        let bytes = try await boundedBody(atMost: largest)
        guard !bytes.isEmpty else {
            throw Problem.malformedBody("The request has no body; send a JSON object.")
        }
        try checkContentType(types)
        guard let threads, bytes.count > Self.largestBody else { return try Self.object(in: bytes) }
        do {
            return try await threads.run { try Self.object(in: bytes) }
        } catch let error as BlockingThreadPool.Busy {
            throw InventoryError.unavailable(reason: error)
        }
    }

    private static func object(in bytes: [UInt8]) throws -> ObjectReader {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem.malformedBody("The body is not UTF-8.")
        }
        do {
            return try ObjectReader(JSONParser.parse(text))
        } catch let error as JSONSyntaxError {
            throw Problem.malformedBody(error.sentence(for: text))
        }
    }

    private func boundedBody(atMost largest: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await readBody(atMost: largest) { bytes += $0.readableBytesView }
        return bytes
    }

    /// Calls `take` with the body, piece by piece as it arrives.
    ///
    /// - Throws: ``Problem`` where it is larger than `limit` or does not arrive, and what `take` throws.
    func readBody(
        atMost limit: Int, _ take: (ByteBuffer) async throws -> Void
    ) async throws {
        let size = limit < 1024 * 1024 ? "\(limit / 1024) KiB" : "\(limit / 1024 / 1024) MiB"
        let tooLarge = Problem(
            type: .contentTooLarge, detail: "The body is larger than \(size).")
        if let length = headers[.contentLength], Int(length) ?? .max > limit {
            throw tooLarge
        }
        var pieces = body.makeAsyncIterator()
        var count = 0
        while let piece = try await Self.next(&pieces) {
            count += piece.readableBytes
            guard count <= limit else { throw tooLarge }
            try await take(piece)
        }
    }

    private static func next(_ pieces: inout RequestBody.AsyncIterator) async throws -> ByteBuffer?
    {
        do {
            return try await pieces.next()
        } catch is RequestTimeout {
            throw Problem.requestTimeout
        } catch let refused as RefusedBody {
            throw refused.reason
        } catch let error where !(error is CancellationError) {
            // The connection broke, or the chunks are malformed.
            throw Problem.malformedBody("The body ended early or could not be read.")
        }
    }

    /// The media type of the body.
    ///
    /// - Parameter types: Those that are taken, the preferred one first.
    /// - Throws: ``Problem`` of type `unsupported-media-type`.
    @discardableResult
    func checkContentType(_ types: [String]) throws -> String {
        let parts = (asciiHeader(.contentType) ?? "").lowercased().split(separator: ";")
            .map { $0.trimmingBlanks() }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?
            .dropFirst(8).replacing("\"", with: "")
        let encoding =
            headers[.contentEncoding] == nil
            ? "identity" : asciiHeader(.contentEncoding)?.lowercased()
        guard let type = parts.first, types.contains(type), encoding == "identity",
            charset.map({ ["utf-8", "utf8", "us-ascii"].contains($0) }) ?? true
        else {
            let list = types.joined(separator: ", ")
            // Which header names what is taken depends on the method (RFC 9110 §15.5.16, RFC 5789 §3.1).
            let name: HTTPField.Name =
                switch method {
                case .post: .acceptPost
                case .patch: .acceptPatch
                default: .accept
                }
            throw Problem(
                type: .unsupportedMediaType,
                detail: """
                    Send the body as \(types.joined(separator: " or ")), in UTF-8 and not compressed.
                    """,
                headers: [name: list])
        }
        return type
    }
}

extension JSONSyntaxError {
    fileprivate func sentence(for text: String) -> String {
        if text.utf8.count < 64, text.trimmingBlanks() == "[object Object]" {
            return "The body is [object Object]; send JSON.stringify(object)."
        }
        return "The body is not valid JSON: \(reason) at line \(line), column \(column)."
    }
}
