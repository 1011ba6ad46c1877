internal import HTTPTypes
internal import Hummingbird

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

    /// It is nil for a request that does not only read, has a body, or is too long.
    init?(_ request: Request) {
        let head = request.head
        guard head.method == .get || head.method == .head else { return nil }
        method = head.method.rawValue
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        // None of them contains a line break.
        for part in [method, head.scheme ?? "", head.authority ?? "", head.path ?? ""] {
            bytes += part.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        guard bytes.count <= Self.largestHead else { return nil }
        for field in head.headerFields {
            switch field.name {
            case .xRequestID, .traceParent, .traceState: continue
            case .contentLength, .transferEncoding: return nil
            default: break
            }
            let (name, value) = (field.name.rawName, field.value)
            guard bytes.count + name.utf8.count + value.utf8.count < Self.largestHead else {
                return nil
            }
            bytes += name.utf8
            bytes.append(UInt8(ascii: ":"))
            bytes += value.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        self.bytes = bytes
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
