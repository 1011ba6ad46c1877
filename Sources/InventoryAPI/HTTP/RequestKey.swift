internal import HTTPServer
internal import HTTPTypes

/// All of a request for reading that its answer depends on, beside who the client turns out to be and
/// what the inventory holds.
///
/// That is its whole head as it was sent, but for the client's names for the request. Which of the
/// headers an answer depends on is known to those who read them; that nothing else can matter needs
/// no list.
struct RequestKey: Hashable, Sendable {
    /// How long a head may be to be remembered: longer than any that a browser sends for our pages.
    static let largestHead = 2 * 1024

    // Bytes, since texts of a client may be costly to compare otherwise.
    private let bytes: [UInt8]

    var size: Int { bytes.count }

    /// It is nil for a request that does not only read, or is too long.
    ///
    /// - Parameter host: The header `Host`, which `headers` may contain as well.
    /// - Parameter peer: The address of the other end of the connection.
    init?(
        method: String, uri: String, host: String,
        headers: some Sequence<(name: String, value: String)>, peer: String
    ) {
        guard method == "GET" || method == "HEAD" else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        // None of them contains a line break.
        for part in [method, uri, host] {
            bytes += part.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        var isForwarded = false
        for (name, value) in headers {
            switch name.utf8.count {
            case 4 where name.isHeader("host"): continue
            case 12 where name.isHeader("x-request-id"): continue
            case 11 where name.isHeader("traceparent"): continue
            case 10 where name.isHeader("tracestate"): continue
            case 14 where name.isHeader("content-length"): return nil
            case 17 where name.isHeader("transfer-encoding"): return nil
            case 15 where name.isHeader("x-forwarded-for"): isForwarded = true
            case 17 where name.isHeader("x-forwarded-proto"): isForwarded = true
            default: break
            }
            guard bytes.count + name.utf8.count + value.utf8.count < Self.largestHead else {
                return nil
            }
            bytes += name.utf8
            bytes.append(UInt8(ascii: ":"))
            bytes += value.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        // The headers of a proxy count or not by its address.
        if isForwarded { bytes += peer.utf8 }
        guard bytes.count <= Self.largestHead else { return nil }
        self.bytes = bytes
    }

    init?(_ head: RequestHead) {
        self.init(
            method: head.method, uri: head.uri, host: head.values(of: "host").first ?? "",
            headers: head.headers, peer: head.peer)
    }

    init?(_ head: HTTPRequest, peer: ClientAddress?) {
        self.init(
            method: head.method.rawValue, uri: head.path ?? "", host: head.authority ?? "",
            headers: head.headerFields.lazy.map { ($0.name.rawName, $0.value) },
            peer: peer?.description ?? "")
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
