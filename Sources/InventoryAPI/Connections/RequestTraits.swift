internal import Hummingbird
internal import Inventory
internal import NIOHTTP1

/// What ``RequestGuard`` needs to know of a head, found in one pass.
struct RequestTraits {
    private(set) var hostCount = 0
    /// Whether the client waits for 100 before it sends the body (RFC 9110 §10.1.1).
    private(set) var expectsContinue = false
    private(set) var hasUpgrade = false
    private(set) var hasOddHeaders = false
    /// How many bytes the body has: nil if it comes in chunks, `Int.max` if the number is larger.
    private(set) var bodyLength: Int? = 0
    /// Whether the end of the body can be found (RFC 9112 §6.3).
    private(set) var isFramed = true

    /// Whether the body is, or may be, longer than any that the server accepts.
    var isBodyLong: Bool { bodyLength.map { $0 > Request.largestBody } ?? true }

    init(_ head: HTTPRequestHead) {
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where name.isHeader("host"): hostCount += 1
            case 6 where name.isHeader("expect"):
                expectsContinue = value.isHeader("100-continue")
            case 7 where name.isHeader("upgrade"): hasUpgrade = true
            case 10 where name.isHeader("connection"):
                // Swift needs quadratic time to compare a letter with many combining marks.
                hasOddHeaders = hasOddHeaders || !value.isASCII
            case 14 where name.isHeader("content-length"):
                // NIO's parser lets only digits pass.
                bodyLength = Int(value.trimmingBlanks()) ?? .max
            case 17 where name.isHeader("transfer-encoding"):
                // No list, and nothing before HTTP/1.1 (RFC 9112 §6.1). Before a tab, NIO's parser does
                // not recognize `chunked`.
                isFramed =
                    bodyLength != nil && !value.utf8.contains(UInt8(ascii: "\t"))
                    && value.trimmingBlanks().isHeader("chunked")
                bodyLength = nil
            case 15 where name.isHeader(UnreadableRequest.header): hasOddHeaders = true
            default: break
            }
        }
        if head.version.isBefore11, bodyLength == nil { isFramed = false }
    }
}
