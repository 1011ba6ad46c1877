/// The name of the work that a request is a part of, which whoever began it gave it: the header
/// `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header).
///
/// It is kept for the log, so that a request is found by what the caller's own traces call it.
struct TraceParent {
    let text: String

    /// - Parameter values: Those of the header; nil where there is not exactly one that is valid.
    init?(_ values: [String]) {
        guard let text = values.first, values.count == 1, Self.isValid(text) else { return nil }
        self.text = text
    }

    /// Version 00, the only one there is: `00-` 32 digits `-` 16 digits `-` 2 digits, of which neither the
    /// first nor the second are all zeros.
    private static func isValid(_ text: String) -> Bool {
        guard text.utf8.count == 55 else { return false }
        let parts = text.utf8.split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [2, 32, 16, 2]
            && parts.allSatisfy { $0.allSatisfy(\.isSmallHexDigit) }
            && parts[0].allSatisfy(\.isZeroDigit)
            && !parts[1].allSatisfy(\.isZeroDigit) && !parts[2].allSatisfy(\.isZeroDigit)
    }
}

extension UInt8 {
    fileprivate var isZeroDigit: Bool { self == UInt8(ascii: "0") }

    fileprivate var isSmallHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
