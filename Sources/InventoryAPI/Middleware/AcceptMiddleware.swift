internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// Refuses requests whose `Accept` rules JSON out (RFC 9110 §12.5.1).
struct AcceptMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if let accept = request.headers[.accept], !Self.allowsJSON(accept) {
            throw Problem(type: .notAcceptable, detail: "This API answers application/json only.")
        }
        return try await next(request, context)
    }

    /// Whether the most specific range that matches `application/json` has a quality above zero.
    static func allowsJSON(_ accept: String) -> Bool {
        let ranges = ["application/json", "application/*", "*/*"]
        guard accept.isASCII else { return false }
        var qualities: [String: Double] = [:]
        for element in accept.lowercased().split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.trimmingBlanks() }
            guard let range = parts.first, ranges.contains(range) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            qualities[range] = weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
        // An empty Accept says nothing.
        if accept.allSatisfy(\.isWhitespace) { return true }
        return ranges.lazy.compactMap { qualities[$0] }.first.map { $0 > 0 } ?? false
    }
}
