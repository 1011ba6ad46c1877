internal import NIOHTTP1

/// The properties of a head that ``RequestValidationHandler`` checks, found in one pass.
struct RequestTraits {
    let isHead: Bool
    /// Whether the client speaks HTTP/1.0.
    let isClientOld: Bool
    private(set) var hostCount = 0
    /// How many bytes the names and values of all headers have, except `Host`.
    private(set) var headerBytes = 0
    /// Whether the client waits for a response 100 before it sends the body (RFC 9110 §10.1.1).
    var expectsContinue = false
    private(set) var hasUpgrade = false
    /// Whether a header `Connection` has a byte that is not ASCII. The next handler does not get it.
    private(set) var hasOddConnection = false
    /// How many bytes the body has: nil if it comes in chunks, `Int.max` if the number is too
    /// large.
    private(set) var bodyLength: Int? = 0
    /// Whether the end of the body can be found (RFC 9112 §6.3).
    private(set) var isFramed = true
    var hasLongBody: Bool { bodyLength ?? .max > ConnectionLimits.shortBody }

    init(_ head: HTTPRequestHead) {
        isHead = head.method == .HEAD
        isClientOld = (head.version.major, head.version.minor) < (1, 1)
        for (name, value) in head.headers {
            headerBytes += name.utf8.count + value.utf8.count
            switch name.utf8.count {
            case 4 where name.isHeader("host"):
                hostCount += 1
                headerBytes -= name.utf8.count + value.utf8.count
            case 6 where name.isHeader("expect"):
                expectsContinue = value.isHeader("100-continue") && !isClientOld
            case 7 where name.isHeader("upgrade"): hasUpgrade = true
            case 10 where name.isHeader("connection"):
                // Swift would need quadratic time to compare a letter with many combining marks.
                hasOddConnection = hasOddConnection || !value.utf8.allSatisfy { $0 < 0x80 }
            case 14 where name.isHeader("content-length"):
                // NIO's parser accepts only digits, so `Int` fails only if the number is too large.
                bodyLength = Int(value.trimmed) ?? .max
            case 17 where name.isHeader("transfer-encoding"):
                // The server knows only `chunked`, and only since HTTP/1.1 (RFC 9112 §6.1). NIO's
                // parser does not recognize `chunked` before a tab.
                isFramed =
                    bodyLength != nil && !value.utf8.contains(UInt8(ascii: "\t"))
                    && value.trimmed.isHeader("chunked")
                bodyLength = nil
            default: break
            }
        }
        if isClientOld, bodyLength == nil { isFramed = false }
    }
}

extension StringProtocol {
    /// Compares names and ignores case; `other` must be in lower case.
    @inlinable package func isHeader(_ other: String) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { mine, theirs in
                mine == theirs || (mine | 0x20 == theirs && 0x61...0x7A ~= theirs)
            }
    }
}

extension UInt8 {
    package var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension String {
    package var trimmed: Substring { self[...].trimmed }
}

extension Substring {
    /// The text without spaces and tabs around it (RFC 9110 §5.5). It compares bytes, because Swift
    /// needs quadratic time to compare a letter with many combining marks.
    package var trimmed: Substring {
        let start = utf8.drop(while: \.isBlank)
        return start.lastIndex { !$0.isBlank }.map { Substring(start[...$0]) } ?? ""
    }
}
