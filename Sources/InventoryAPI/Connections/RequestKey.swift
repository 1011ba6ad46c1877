internal import NIOCore
internal import NIOHTTP1

/// All of a request for reading that its answer depends on, beside who the client turns out to be and
/// what the inventory holds.
///
/// That is its whole head as it was sent, but for the client's names for the request. Which of the
/// headers an answer depends on is known to those who read them; that nothing else can matter needs
/// no list.
struct RequestKey: Hashable, Sendable {
    /// How long a head may be to be remembered: longer than any that a browser sends for our pages.
    static let largestHead = 2 * 1024

    let method: String
    // Bytes, since texts of a client may be costly to compare otherwise.
    private let bytes: [UInt8]

    var size: Int { bytes.count }

    /// Nil for what is not read only, has a body, or is too long.
    ///
    /// - Parameter peer: Where the connection comes from.
    init?(_ head: HTTPRequestHead, peer: String) {
        guard head.method == .GET || head.method == .HEAD else { return nil }
        method = head.method.rawValue
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        bytes += head.method.rawValue.utf8
        bytes.append(UInt8(ascii: " "))
        bytes += head.uri.utf8
        var isForwarded = false
        for (name, value) in head.headers {
            switch name.utf8.count {
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
            // Neither can have a line break in it.
            bytes.append(UInt8(ascii: "\n"))
            bytes += name.utf8
            bytes.append(UInt8(ascii: ":"))
            bytes += value.utf8
        }
        // What a proxy says is believed or not by its address.
        if isForwarded {
            bytes.append(UInt8(ascii: "\n"))
            bytes += peer.utf8
        }
        guard bytes.count <= Self.largestHead else { return nil }
        self.bytes = bytes
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension String {
    /// Whether this is `other`, which is in small letters, in letters of any case.
    func isHeader(_ other: String) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { mine, theirs in
                mine == theirs || (mine | 0x20 == theirs && 0x61...0x7A ~= theirs)
            }
    }
}
