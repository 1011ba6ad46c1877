internal import HTTPTypes
internal import Hummingbird
internal import Metrics

/// Counts each request, and how long its answer took until it began.
///
/// Hummingbird's own looks up by the names of its choice, and does not tell a route that there is not.
struct MetricsMiddleware: RouterMiddleware {
    private let inFlight = Meter(label: "http_requests_in_flight")
    private let metrics = RequestMetricsByKind()

    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        inFlight.increment()
        defer { inFlight.decrement() }
        let response = try await next(request, context)
        metrics(
            method: request.method.rawValue, route: context.endpointPath,
            status: response.status.code
        ).note(.now - start)
        return response
    }
}
