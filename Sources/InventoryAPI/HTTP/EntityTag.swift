internal import Crypto
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// A strong entity tag (RFC 9110 §8.8.3).
struct EntityTag: Equatable, CustomStringConvertible {
    /// What stands between the quotes.
    let opaque: String

    init(opaque: String) {
        self.opaque = opaque
    }

    /// A number's: its version.
    init(_ number: DIDNumber) {
        opaque = String(number.version)
    }

    /// One that says that the content is the same, byte for byte.
    init(ofContent parts: [UInt8]...) {
        var hash = SHA256()
        for part in parts { hash.update(data: part) }
        // Half of the hash is plenty against chance, and there is nobody to deceive but oneself.
        opaque = hash.finalize().prefix(16).map { byte in
            let hex = String(byte, radix: 16)
            return byte < 0x10 ? "0" + hex : hex
        }.joined()
    }

    /// Stands for all that the server never gave out.
    static let foreign = EntityTag(opaque: "")

    /// The version of the number whose tag this is; nil for any other tag, also one that only reads
    /// as a number: "+1" and "01" are not "1".
    var version: Int64? {
        Int64(opaque).flatMap { String($0) == opaque ? $0 : nil }
    }

    var description: String { "\"\(opaque)\"" }
}

/// What `If-Match` and `If-None-Match` list.
enum EntityTags {
    case any
    case some([EntityTag])

    /// Reads a header; nil where the request has none.
    ///
    /// Weak tags count as strong ones: a proxy that compresses an answer weakens its tag, which is
    /// no reason to refuse the client that sends it back.
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

    /// Byte by byte: RFC 9110 §8.8.3 lets a tag have any beyond ASCII, so that a text of them may
    /// come, of which none is ours.
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
                tags.append(EntityTag(opaque: String(decoding: opaque, as: UTF8.self)))
            } else {
                tags.append(.foreign)
            }
            rest = rest[(end + 1)...].drop(while: \.isBlank)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension Request {
    /// What the client demands of the number's version before it is changed.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    func versionCondition() throws -> VersionCondition {
        VersionCondition(
            allowed: try EntityTags(.ifMatch, of: self)?.versions ?? .all,
            refused: try EntityTags(.ifNoneMatch, of: self)?.versions ?? .some([]))
    }

    /// `response` with `tag`, or 304 where the client has it already.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    func unlessMatching(_ tag: EntityTag, _ response: Response) throws -> Response {
        var response = response
        response.headers[.eTag] = tag.description
        return try unlessMatching(response)
    }

    /// `response`, or 304 where the client has what its entity tag stands for already.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    func unlessMatching(_ response: Response) throws -> Response {
        guard let known = headers[.ifNoneMatch], let tag = response.headers[.eTag] else {
            return response
        }
        // Most send back the one tag that they have.
        guard try known.hasSameBytes(as: tag) || isMatched(by: tag) else { return response }
        var unchanged = Response(status: .notModified, headers: response.headers)
        // RFC 9110 §15.4.5: the headers that a 200 would have had, but for those of its body.
        unchanged.headers[.contentType] = nil
        unchanged.headers[.contentLength] = nil
        return unchanged
    }

    private func isMatched(by tag: String) throws -> Bool {
        try EntityTags(.ifNoneMatch, of: self)?.contains(EntityTag(opaque: String(tag.dropFirst().dropLast()))) ?? false
    }
}
