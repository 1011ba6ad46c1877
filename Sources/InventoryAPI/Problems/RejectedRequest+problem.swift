internal import HTTPServer

extension RejectedRequest {
    var problem: Problem {
        switch reason {
        case .noHost:
            Problem(type: .malformedRequest, detail: "The request has no header Host.")
        case .severalHosts:
            Problem(type: .malformedRequest, detail: "The request has several headers Host.")
        case .malformed:
            Problem(type: .malformedRequest, detail: "The request cannot be understood.")
        case .unknownCoding:
            Problem(
                type: .malformedRequest,
                detail: "Transfer-Encoding must be chunked, in a request of HTTP/1.1.")
        case .bodyTooLarge:
            Problem(type: .contentTooLarge, detail: "The body is larger than any that is taken.")
        case .unknownVersion:
            Problem(type: .httpVersionNotSupported, detail: "Send the request in HTTP/1.1.")
        case .uriTooLong:
            Problem(type: .uriTooLong, detail: "The address is longer than 8 KiB.")
        case .headersTooLarge:
            Problem(type: .headersTooLarge, detail: "The headers are larger than 32 KiB.")
        case .tooSlow: .requestTimeout
        }
    }
}

extension Problem {
    static let requestTimeout = Problem(
        type: .requestTimeout, detail: "The request took too long to arrive.")
}
