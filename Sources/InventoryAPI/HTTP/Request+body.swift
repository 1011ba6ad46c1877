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

    /// The body as an object that a client wrote.
    ///
    /// - Parameter largest: The most bytes that are taken.
    /// - Parameter threads: Where a long body is read, since that takes milliseconds; nil where all
    ///   are short.
    /// - Throws: ``Problem`` where the body is empty, too large, not JSON or not one object.
    func objectInput(
        accepting types: [String] = ["application/json"], atMost largest: Int = largestBody,
        on threads: WorkThreads? = nil
    ) async throws -> ObjectInput {
        let bytes = try await boundedBody(atMost: largest)
        guard !bytes.isEmpty else {
            throw Problem.malformedBody("The request has no body; send a JSON object.")
        }
        try checkContentType(types)
        guard let threads, bytes.count > Self.largestBody else { return try Self.object(in: bytes) }
        do {
            return try await threads.run { try Self.object(in: bytes) }
        } catch let error as WorkThreads.Busy {
            throw InventoryError.unavailable(reason: error)
        }
    }

    private static func object(in bytes: [UInt8]) throws -> ObjectInput {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem.malformedBody("The body is not UTF-8.")
        }
        do {
            return try ObjectInput(JSONParser.parse(text))
        } catch let error as JSONSyntaxError {
            throw Problem.malformedBody(error.sentence(for: text))
        }
    }

    private func boundedBody(atMost largest: Int) async throws -> [UInt8] {
        let tooLarge = Problem(
            type: .contentTooLarge, detail: "The body is larger than \(largest / 1024) KiB.")
        if let length = headers[.contentLength].flatMap(Int.init), length > largest {
            throw tooLarge
        }
        var bytes: [UInt8] = []
        do {
            for try await buffer in body {
                bytes += buffer.readableBytesView
                guard bytes.count <= largest else { throw tooLarge }
            }
        } catch is RequestTimeout {
            throw Problem.requestTimeout
        } catch let error where !(error is Problem || error is CancellationError) {
            // The connection broke, or the chunks are malformed.
            throw Problem.malformedBody("The body ended early or could not be read.")
        }
        return bytes
    }

    /// - Parameter types: The media types that are taken, the preferred one first.
    private func checkContentType(_ types: [String]) throws {
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
                detail: "Send the body as \(types[0]), in UTF-8 and not compressed.",
                headers: [name: list])
        }
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
