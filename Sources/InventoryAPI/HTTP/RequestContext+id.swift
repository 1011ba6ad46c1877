internal import Hummingbird
internal import Inventory

extension RequestContext {
    /// The id in the path: a positive integer in plain digits.
    ///
    /// - Parameter kind: What has the id.
    /// - Throws: ``Problem`` of type `not-found` where it is anything else.
    func id(of kind: String) throws -> Int64 {
        let text = parameters.get("id") ?? ""
        guard let id = Int64(positiveID: text) else {
            throw Problem.notFound("There is no \(kind) with id \(text.shortened).")
        }
        return id
    }
}

extension Int64 {
    /// Reads an id: a positive integer in plain digits.
    ///
    /// 042 and +42 are numbers to Swift, but the id of nothing.
    init?(positiveID text: String) {
        guard let id = Int64(text), id > 0, String(id) == text else { return nil }
        self = id
    }
}
