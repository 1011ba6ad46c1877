internal import NIOHTTP1

/// A request that never reaches the router: it is malformed, too large, too slow, or uses an
/// unsupported version of HTTP.
package struct RejectedRequest: Sendable {
    package enum Reason: Sendable {
        case noHost, severalHosts, malformed, unknownCoding, bodyTooLarge, unknownVersion
        case uriTooLong, headersTooLarge, tooSlow
        /// The request line has a character that must be percent-encoded.
        case unencodedURI

        init?(_ error: any Error) {
            switch error {
            case HTTPParserError.headerOverflow: self = .headersTooLarge
            // The client left.
            case HTTPParserError.invalidEOFState: return nil
            // The parser pauses after an HTTP/2 preface.
            case HTTPParserError.paused, HTTPParserError.invalidVersion: self = .unknownVersion
            case is RequestTimeout: self = .tooSlow
            case HTTPParserError.invalidURL: self = .unencodedURI
            case is HTTPParserError: self = .malformed
            default: return nil
            }
        }

        init?(_ head: HTTPRequestHead, _ traits: RequestTraits, isHTTP: Bool) {
            switch traits.hostCount {
            case _ where !isHTTP: self = .unknownVersion
            case _ where !traits.isFramed: self = .unknownCoding
            case _ where traits.bodyLength == .max: self = .bodyTooLarge
            // RFC 9112 §3.2: HTTP/1.1 requires one Host, and no version allows two.
            case 0 where !traits.isClientOld: self = .noHost
            case 2...: self = .severalHosts
            case _ where head.uri.utf8.count > ConnectionLimits.longestURI: self = .uriTooLong
            case _ where traits.headerBytes > ConnectionLimits.largestHeaders:
                self = .headersTooLarge
            default: return nil
            }
        }
    }

    package let reason: Reason
    /// The received head, but with the method GET or HEAD and the path `/`.
    package let head: RequestHead

    /// - Parameter head: The received head; omitted if it could not be read.
    init(
        _ reason: Reason, _ head: HTTPRequestHead = .init(version: .http1_1, method: .GET, uri: "/")
    ) {
        self.reason = reason
        var head = head
        head.method = head.method == .HEAD ? .HEAD : .GET
        head.uri = "/"
        self.head = RequestHead(head: head, peer: "")
    }
}

package struct RequestTimeout: Error {}
