internal import HTTPServer
internal import HTTPTypes

/// Identifies requests that get the same response for the same user and state of the store: it is
/// the whole request head except tracing headers, so no header that matters can be forgotten.
struct RequestKey: Hashable, Sendable {
    /// How many bytes a key may have. The console's requests in a browser have fewer.
    static let largestHead = 2 * 1024

    // Bytes, since texts that clients send may be slow to compare.
    private let bytes: [UInt8]

    var size: Int { bytes.count }

    /// - Parameter host: The header `Host`, which `headers` may contain as well.
    init?(
        method: String, uri: String, host: String,
        headers: some Sequence<(name: String, value: String)>, peer: @autoclosure () -> String
    ) {
        guard method == "GET" || method == "HEAD" else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        // A line break ends each part, because no part contains one.
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
        // The peer's address decides whether these headers are trusted, so it is part of the key.
        if isForwarded { bytes += peer().utf8 }
        guard bytes.count <= Self.largestHead else { return nil }
        self.bytes = bytes
    }

    init?(_ head: RequestHead) {
        self.init(
            method: head.method, uri: head.uri, host: head.values(of: "host").first ?? "",
            headers: head.headers, peer: ClientAddress(head.peer)?.description ?? "")
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
