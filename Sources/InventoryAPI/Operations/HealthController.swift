internal import Hummingbird
internal import Inventory
internal import JSON

/// An orchestrator's checks: `/livez` reports whether to restart the process, `/readyz` whether to
/// send it requests, and `/readyz?reads` whether to send it reads.
struct HealthController {
    let store: any NumberStore
    let isStopping: @Sendable () -> Bool

    private static let ok = JSONValue.object([("status", .string("ok"))])

    func live(_ request: Request, context: APIContext) async throws -> Response {
        Response(json: Self.ok)
    }

    func ready(_ request: Request, context: APIContext) async throws -> Response {
        guard !isStopping() else {
            throw Problem(.unavailable, "This process is about to end.", retryAfter: 2)
        }
        if request.uri.queryParameters["reads"] == nil {
            try await store.checkReadiness()
        } else {
            try await store.checkReads()
        }
        return Response(json: Self.ok)
    }
}
