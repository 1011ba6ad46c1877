internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// What `If-Match` and `If-None-Match` list.
enum EntityTags {
    case any
    case some([EntityTag])

    /// Reads the tags in a header; nil if the request has no such header.
    ///
    /// A proxy that compresses a response weakens its tag, or adds a suffix to it. The client that
    /// sends that tag back means ours, so neither counts.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    init?(_ name: HTTPField.Name, of request: Request) throws {
        guard let text = request.headers[name] else { return nil }
        guard let tags = Self.parse(text) else {
            throw Problem(
                type: .malformedHeader,
                detail: "\(name) must be * or a list of entity tags in double quotes.")
        }
        self = tags
    }

    func contains(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .some(let tags): tags.contains(tag)
        }
    }

    /// The versions of numbers that the tags stand for.
    var versions: VersionCondition.Versions {
        switch self {
        case .any: .all
        case .some(let tags): .some(Set(tags.compactMap(\.version)))
        }
    }

    /// Reads the list byte by byte.
    ///
    /// A tag may have any bytes beyond ASCII (RFC 9110 §8.8.3), and texts of those are slow to compare.
    /// No tag of this server has any.
    private static func parse(_ text: String) -> EntityTags? {
        var rest = Array(text.utf8)[...]
        var tags: [EntityTag] = []
        rest = rest.drop(while: \.isBlank)
        if rest.first == UInt8(ascii: "*") {
            return rest.dropFirst().allSatisfy(\.isBlank) ? .any : nil
        }
        while true {
            rest = rest.drop { $0.isBlank || $0 == UInt8(ascii: ",") }
            guard !rest.isEmpty else { return tags.isEmpty ? nil : .some(tags) }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            let quote = UInt8(ascii: "\"")
            guard rest.first == quote, let end = rest.dropFirst().firstIndex(of: quote) else {
                return nil
            }
            let opaque = rest[rest.startIndex + 1..<end]
            if opaque.allSatisfy({ $0 < 0x80 }) {
                let text = withoutSuffix(String(decoding: opaque, as: UTF8.self))
                tags.append(EntityTag(opaque: text))
            } else {
                tags.append(.foreign)
            }
            rest = rest[(end + 1)...].drop(while: \.isBlank)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
    }

    /// The suffixes that proxies add when they compress a response.
    ///
    /// No tag of this server ends with one.
    ///
    /// `-gzip` and `-br` are Apache's, `--gzip` and `--br` are Jetty's, `-zstd` is Caddy's.
    private static let suffixes = ["--gzip", "-gzip", ";gzip", "--br", "-br", "-zstd"]

    private static func withoutSuffix(_ opaque: String) -> String {
        var rest = opaque[...]
        // Each of several proxies may have added one.
        while let suffix = suffixes.first(where: { rest.hasSuffix($0) }) {
            rest = rest.dropLast(suffix.count)
        }
        return String(rest)
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
