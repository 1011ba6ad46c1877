internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Gives every request an id, which its answer and its lines in the log carry.
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
        var response = try await next(request, context)
        response.headers[.requestID] = id
        return response
    }
}
