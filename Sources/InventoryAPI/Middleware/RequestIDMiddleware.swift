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
        let id = RequestID(askedFor: request.headers[.xRequestID])
        var context = context
        context.requestID = id.text
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger = context.logger.ofRequest(
            id, TraceParent(request.headers[values: .traceParent]))
        // Whatever is logged on the way, as by a store, is of this request.
        var response = try await withLogger(context.logger) { _ in
            try await next(request, context)
        }
        response.headers[.requestID] = id.text
        return response
    }
}

extension Logger {
    /// A logger whose lines are those of one request.
    func ofRequest(_ id: RequestID, _ trace: TraceParent?) -> Logger {
        var logger = self
        logger[metadataKey: "requestId"] = .string(id.text)
        if let trace { logger[metadataKey: "traceparent"] = .string(trace.text) }
        return logger
    }
}
