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
        guard let known = try EntityTags(.ifNoneMatch, of: self), known.contains(tag) else {
            return response
        }
        var unchanged = Response(status: .notModified, headers: response.headers)
        // It has the headers of the 200 in whose place it is, but for those of a body (RFC 9110 §15.4.5).
        unchanged.headers[.contentType] = nil
        unchanged.headers[.contentLength] = nil
        return unchanged
    }
}
