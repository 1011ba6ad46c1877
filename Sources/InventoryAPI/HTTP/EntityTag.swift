internal import Crypto
internal import Foundation
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// A strong entity tag (RFC 9110 §8.8.3).
struct EntityTag: Equatable, CustomStringConvertible {
    /// The text between the quotes.
    let opaque: String

    init(opaque: String) {
        self.opaque = opaque
    }

    init(_ number: DIDNumber) {
        opaque = String(number.version)
    }

    /// Half of the content's SHA-256: a collision would harm only the client that found it.
    init(ofContent parts: [UInt8]...) {
        var hash = SHA256()
        for part in parts { hash.update(data: part) }
        opaque = hash.finalize().prefix(16).hexadecimal
    }

    /// The version of the number that has this tag; nil for any other tag, such as "+1" or "01".
    var version: Int64? {
        Int64(opaque).flatMap { String($0) == opaque ? $0 : nil }
    }

    var description: String { "\"\(opaque)\"" }
}

/// The list in `If-Match` or `If-None-Match`.
struct EntityTags {
    /// Nil for `*`, which is any tag.
    let list: [EntityTag]?

    /// Nil if the header is absent. Ignores `W/` and suffixes, which compressing proxies add.
    init?(_ name: HTTPField.Name, of request: Request) throws {
        guard let text = request.headers[name] else { return nil }
        list = text.trimmed.utf8.elementsEqual("*".utf8) ? nil : Self.parse(text)
        guard list?.isEmpty != true else {
            throw Problem(
                .malformedHeader, "\(name) must be * or a list of entity tags in double quotes.")
        }
    }

    func contains(_ tag: EntityTag) -> Bool { list?.contains(tag) ?? true }

    /// Parses bytes, since text beyond ASCII is slow to compare; returns no tags if `text` is no
    /// list. This server's tags are ASCII, so any other tag becomes the empty one.
    private static func parse(_ text: String) -> [EntityTag] {
        let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
        var rest = Array(text.utf8)[...]
        var tags: [EntityTag] = []
        while true {
            rest = rest.drop { $0.isBlank || $0 == comma }
            guard !rest.isEmpty else { return tags }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.first == quote, let end = rest.dropFirst().firstIndex(of: quote) else {
                return []
            }
            let opaque = rest[rest.startIndex + 1..<end]
            let isASCII = opaque.allSatisfy { $0 < 0x80 }
            tags.append(
                EntityTag(
                    opaque: isASCII ? withoutSuffix(String(decoding: opaque, as: UTF8.self)) : ""))
            rest = rest[(end + 1)...].drop(while: \.isBlank)
            guard rest.isEmpty || rest.first == comma else { return [] }
        }
    }

    /// The suffixes of proxies that compress: `-gzip` and `-br` are Apache's, `--gzip` and `--br`
    /// are Jetty's, `-zstd` is Caddy's. No tag of this server ends with one.
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

extension Request {
    func versionCondition() throws -> VersionCondition {
        let expected = try EntityTags(.ifMatch, of: self)
        let excluded = try EntityTags(.ifNoneMatch, of: self)
        return VersionCondition { version in
            let tag = EntityTag(opaque: String(version))
            return expected?.contains(tag) != false && excluded?.contains(tag) != true
        }
    }

    /// Why the number does not meet ``versionCondition()``.
    func versionConflict(with current: DIDNumber) -> String {
        let tag = EntityTag(current)
        guard let tags = try? EntityTags(.ifMatch, of: self)?.list, !tags.contains(tag) else {
            return "If-None-Match excludes the tag of this number, which is \(tag)."
        }
        let wasIssued = tags.contains { 1...current.version ~= $0.version ?? 0 }
        return wasIssued
            ? "This number has changed since you read it."
            : "If-Match names no tag that this number has had: its tag is \(tag)."
    }

    func previewMismatch(with preview: BulkPreview) -> String {
        guard let tags = try? EntityTags(.ifMatch, of: self)?.list,
            tags.contains(where: { $0.opaque.utf8.count == preview.tag.utf8.count })
        else { return "If-Match names no tag of a preview." }
        return "The numbers have changed since the preview, or the request is another one."
    }

    func notModifiedIfMatching(_ response: Response) throws -> Response {
        guard let known = headers[.ifNoneMatch], let tag = response.headers[.eTag] else {
            return response
        }
        // Most clients send back the one tag that they have.
        if !known.hasSameBytes(as: tag) {
            let opaque = String(tag.dropFirst().dropLast())
            guard let tags = try EntityTags(.ifNoneMatch, of: self),
                tags.contains(EntityTag(opaque: opaque))
            else { return response }
        }
        var unchanged = Response(status: .notModified, headers: response.headers)
        // RFC 9110 §15.4.5: a 304 has the headers of the 200, except those that describe a body.
        unchanged.headers[.contentType] = nil
        unchanged.headers[.contentLength] = nil
        unchanged.headers[.contentEncoding] = nil
        return unchanged
    }
}
