internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// Refuses requests whose `Accept` rules out all types of their answer (RFC 9110 §12.5.1).
struct AcceptMiddleware: RouterMiddleware {
    var types = ["application/json"]

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if let accept = request.headers[.accept],
            !types.contains(where: { Self.allows($0, accept) })
        {
            let list = types.joined(separator: " or ")
            throw Problem(type: .notAcceptable, detail: "This address answers \(list) only.")
        }
        return try await next(request, context)
    }

    /// Whether the most specific range that matches `type` has a quality above zero.
    ///
    /// It reads byte by byte, because a header may have 32 KiB, and texts are slow to compare.
    static func allows(_ type: String, _ accept: String) -> Bool {
        let kind = type.prefix { $0 != "/" }
        let ranges = [type, "\(kind)/*", "*/*"].map { Array($0.utf8) }
        var qualities: [Double?] = ranges.map { _ in nil }
        let elements = Array(accept.utf8).split(separator: UInt8(ascii: ","))
        for element in elements {
            let range = element.prefix { $0 != UInt8(ascii: ";") }.trimmingBlanks().map(
                \.lowercased)
            guard let index = ranges.firstIndex(of: range) else { continue }
            qualities[index] = quality(of: element)
        }
        // An empty Accept says nothing.
        if elements.allSatisfy({ $0.trimmingBlanks().isEmpty }) { return true }
        return qualities.lazy.compactMap { $0 }.first.map { $0 > 0 } ?? false
    }

    /// The quality after `q=`: 1 where there is none, and 0 where it is no number.
    private static func quality(of element: ArraySlice<UInt8>) -> Double {
        let parts = element.split(separator: UInt8(ascii: ";")).dropFirst()
        let weight = parts.lazy.map { $0.trimmingBlanks() }.first {
            $0.count > 1 && $0.first.map(\.lowercased) == UInt8(ascii: "q")
                && $0.dropFirst().first == UInt8(ascii: "=")
        }
        guard let weight else { return 1 }
        // A quality has five characters at most (RFC 9110 §12.4.2); more than a few are not read.
        return Double(String(decoding: weight.dropFirst(2).prefix(16), as: UTF8.self)) ?? 0
    }
}

extension ArraySlice<UInt8> {
    fileprivate func trimmingBlanks() -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let start = drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return [] }
        return start[...end]
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
