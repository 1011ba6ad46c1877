/// The errors of stores and of the domain, each with its HTTP status. A `reason` is for the log,
/// not for clients, except that of ``notWritable(reason:)``.
package enum InventoryError: Error {
    /// 404.
    case noSuchNumber(id: Int64)
    /// Another number, `id`, has this phone number. 409.
    case numberExists(id: Int64, value: PhoneNumber)
    /// The number's current version does not meet the request's If-Match or If-None-Match. 412.
    case versionConflict(current: DIDNumber)
    /// - Parameter oldest: The oldest change in the history; nil if that is empty. 404.
    case noSuchChange(id: Int64, oldest: Int64?)
    /// 409.
    case alreadyUndone(id: Int64, by: Int64)
    /// Numbers of the change have changed since. 409.
    case cannotUndo(id: Int64, UndoConflicts)
    /// The client expects another preview. 412.
    case previewOutdated(BulkPreview)
    /// A bulk change is not possible for some numbers, as the preview lists. 422.
    case cannotChange(BulkPreview)
    /// The input is invalid. Contains all errors, in the order of the members. 422.
    case invalid([FieldError])
    /// The user has sent another request with the same `Idempotency-Key`. 422.
    case idempotencyKeyReused
    /// A request with the same `Idempotency-Key` is in progress. 409.
    case idempotencyKeyInUse
    /// The user has too many `Idempotency-Key`s; the first of them expires in `seconds`. 429.
    case tooManyIdempotencyKeys(seconds: Int)
    /// The database is unreachable, busy or full. The request had no effect; a retry may work. 503.
    case unavailable(reason: any Error)
    /// The database can be read, but not written. Only the check of readiness throws it. Clients
    /// may see the reason. 503.
    case notWritable(reason: any OperatorError)
    /// The query takes longer than the server allows. 503.
    case tooSlow(reason: any Error)
    /// The connection was lost during the commit, so the request may have had its effect. 503.
    case outcomeUnknown(reason: any Error)

    package static func invalid(_ field: String?, _ detail: String) -> InventoryError {
        .invalid([FieldError(field: field, detail: detail)])
    }

    package var fieldErrors: [FieldError] {
        if case .invalid(let errors) = self { errors } else { [] }
    }
}
