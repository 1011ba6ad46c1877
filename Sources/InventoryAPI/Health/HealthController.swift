internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// What whoever watches the process asks: `/livez` says whether it runs or must be started again, and
/// `/readyz` whether to send it requests, with `?reads` those that only read.
struct HealthController {
    let store: any NumberStore
    let isStopping: @Sendable () -> Bool

    func addRoutes(to router: some RouterMethods<APIContext>) {
        router.get("livez", use: live)
        router.get("readyz", use: ready)
    }

    @Sendable func live(_ request: Request, context: APIContext) async throws -> Response {
        Response(json: .object([("status", .string("ok"))]))
    }

    @Sendable func ready(_ request: Request, context: APIContext) async throws -> Response {
        guard !isStopping() else {
            throw Problem(
                type: .unavailable, detail: "This process is about to end.",
                headers: [.retryAfter: "2"])
        }
        if request.uri.queryParameters["reads"] == nil {
            try await store.checkReadiness()
        } else {
            try await store.checkReads()
        }
        return Response(json: .object([("status", .string("ok"))]))
    }
}
