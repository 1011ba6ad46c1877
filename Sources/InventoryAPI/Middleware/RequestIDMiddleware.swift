internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Gives every request an id, which its answer and its lines in the log carry; the lines also tell what
/// the caller's traces call it.
struct RequestIDMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let id = RequestID(askedFor: request.headers[.xRequestID]).text
        var context = context
        context.requestID = id
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "requestId"] = "\(id)"
        if let trace = TraceParent(request.headers[values: .traceParent]) {
            context.logger[metadataKey: "traceparent"] = "\(trace.text)"
        }
        // Whatever is logged on the way, as by a store, is of this request.
        var response = try await withLogger(context.logger) { _ in
            try await next(request, context)
        }
        response.headers[.requestID] = id
        return response
    }
}
