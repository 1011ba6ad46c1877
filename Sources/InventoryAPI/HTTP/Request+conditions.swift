internal import HTTPTypes
internal import Hummingbird
internal import Inventory

extension Request {
    /// What the client demands of the number's version before it is changed.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    func versionCondition() throws -> VersionCondition {
        VersionCondition(
            allowed: try EntityTags(.ifMatch, of: self)?.versions ?? .all,
            refused: try EntityTags(.ifNoneMatch, of: self)?.versions ?? .some([]))
    }

    /// Why ``versionCondition()`` does not hold for a number.
    func versionConflict(with current: DIDNumber) -> String {
        let tag = EntityTag(current)
        guard let expected = try? EntityTags(.ifMatch, of: self), case .some(let tags) = expected,
            !expected.contains(tag)
        else { return "If-None-Match excludes the tag of this number, which is \(tag)." }
        let wasIssued = tags.contains { 1...current.version ~= $0.version ?? 0 }
        return wasIssued
            ? "This number has changed since you read it."
            : "If-Match names no tag that this number has had: its tag is \(tag)."
    }

    /// Why what a bulk change would do is not what the client expects.
    func previewMismatch(with preview: BulkPreview) -> String {
        guard let expected = try? EntityTags(.ifMatch, of: self), case .some(let tags) = expected,
            tags.contains(where: { $0.opaque.utf8.count == preview.tag.utf8.count })
        else { return "If-Match names no tag of a preview." }
        return "The numbers have changed since the preview, or the request is another one."
    }

    /// `response` with `tag` as its entity tag, or 304 where the client has that content already.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    func notModifiedIfMatching(_ tag: EntityTag, _ response: Response) throws -> Response {
        var response = response
        response.headers[.eTag] = tag.description
        return try notModifiedIfMatching(response)
    }

    /// `response`, which has an entity tag, or 304 where the client has what that stands for already.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
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
        // RFC 9110 §15.4.5: the headers that a 200 would have had, but for those of its body.
        unchanged.headers[.contentType] = nil
        unchanged.headers[.contentLength] = nil
        unchanged.headers[.contentEncoding] = nil
        return unchanged
    }
}
