internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Inventory

extension Request {
    /// Throws if `Accept` excludes all `types` (RFC 9110 §12.5.1); an empty list is never excluded.
    func checkAccept(_ types: [String]) throws(Problem) {
        guard let accept = headers[.accept], !types.isEmpty,
            !types.contains(where: { Self.quality(of: $0, accept) > 0 })
        else { return }
        let list = types.joined(separator: " or ")
        throw Problem(.notAcceptable, "This address responds with \(list) only.")
    }

    /// Whether the client prefers a page to JSON, as a browser does that opens an address.
    var prefersHTML: Bool {
        guard let accept = headers[.accept] else { return false }
        let html = Self.quality(of: "text/html", accept)
        return ["application/json", "application/problem+json"].allSatisfy {
            html > Self.quality(of: $0, accept)
        }
    }

    /// The quality of the most specific range that matches `type`; 0 if there is none.
    private static func quality(of type: String, _ accept: String) -> Double {
        let ranges = [type, "\(type.prefix { $0 != "/" })/*", "*/*"]
        var qualities = [Double?](repeating: nil, count: ranges.count)
        let elements = accept.utf8.split(separator: UInt8(ascii: ","))
        // An element shorter than */* matches nothing; a long header may have thousands of them.
        for element in elements where element.count >= 3 {
            let range = Substring(element.prefix { $0 != UInt8(ascii: ";") }).trimmed
            // Compare lengths first: few elements of a long header are as long as one of `ranges`.
            let index = ranges.firstIndex {
                $0.utf8.count == range.utf8.count && range.isHeader($0)
            }
            guard let index else { continue }
            qualities[index] = quality(Substring(element).parts(separatedBy: ";").dropFirst())
        }
        // An empty Accept allows everything.
        if elements.allSatisfy({ Substring($0).trimmed.isEmpty }) { return 1 }
        return qualities.lazy.compactMap(\.self).first ?? 0
    }

    /// The quality after `q=`: 1 if there is none, and 0 if it is not a number.
    private static func quality(_ parameters: ArraySlice<Substring>) -> Double {
        let weight = parameters.first { Substring($0.utf8.prefix(2)).isHeader("q=") }
        // A valid quality has five characters at most (RFC 9110 §12.4.2).
        return weight.map { Double(Substring($0.utf8.dropFirst(2).prefix(16))) ?? 0 } ?? 1
    }

    /// Whether `Accept-Encoding` allows gzip (RFC 9110 §12.5.3). Every weight but 0 counts as 1.
    var acceptsGzip: Bool {
        (headers[.acceptEncoding] ?? "").parts(separatedBy: ",").contains { coding in
            let parts = coding.parts(separatedBy: ";")
            return parts.first?.isHeader("gzip") == true
                && !parts.dropFirst().contains { parameter in
                    ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(where: parameter.isHeader)
                }
        }
    }
}

extension StringProtocol {
    /// The parts of a header's value, each without blanks around it. It compares bytes, because a
    /// header may have 32 KiB, and comparing texts is slow.
    func parts(separatedBy separator: Unicode.Scalar) -> [Substring] {
        Substring(self).utf8.split(separator: UInt8(ascii: separator))
            .map { Substring($0).trimmed }
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool { isDigit || (0x61...0x7A).contains(self | 0x20) }
}
