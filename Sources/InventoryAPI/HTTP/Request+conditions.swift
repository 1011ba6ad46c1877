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

    /// `response` with `tag` as its entity tag, or 304 where the client has that content already.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    func unlessMatching(_ tag: EntityTag, _ response: Response) throws -> Response {
        var response = response
        response.headers[.eTag] = tag.description
        return try unlessMatching(response)
    }

    /// `response`, which has an entity tag, or 304 where the client has what that stands for already.
    ///
    /// - Throws: ``Problem`` of type `malformed-header`.
    func unlessMatching(_ response: Response) throws -> Response {
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
