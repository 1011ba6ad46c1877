/// Everything that can go wrong with a request to the inventory.
///
/// Each case names the HTTP status that it becomes.
package enum InventoryError: Error {
    /// No number has this id. 404.
    case noSuchNumber(id: Int64)

    /// Another number, `id`, already has this phone number. 409.
    case numberExists(id: Int64, value: PhoneNumber)

    /// The number is no longer as the client last saw it. 412.
    case versionConflict(current: DIDNumber)

    /// No change has this id, of those that are kept since `oldest`; nil where none is kept. 404.
    case noSuchChange(id: Int64, oldest: Int64?)

    /// The change was taken back by another, which stands. 409.
    case alreadyUndone(id: Int64, by: Int64)

    /// Numbers of the change have moved on since. 409.
    case cannotUndo(id: Int64, UndoConflicts)

    /// What was previewed is no longer what would happen, which is told. 412.
    case previewOutdated(BulkPreview)

    /// What shall be done to many numbers breaks rules of the domain for some: the preview tells for
    /// which. 422.
    case cannotChange(BulkPreview)

    /// What the client sent breaks rules of the domain: every error, in the order of the members.
    /// 422.
    case invalid([FieldError])

    /// The user has sent another request with the same `Idempotency-Key`. 422.
    case idempotencyKeyReused

    /// A request with the same `Idempotency-Key` is in progress. 409.
    case idempotencyKeyInUse

    /// The user has too many `Idempotency-Key`s; the first of them expires in `seconds`. 429.
    case tooManyIdempotencyKeys(seconds: Int)

    /// The database is away, busy or full; later it may work. What was asked for did not happen. The
    /// reason is for the log only. 503.
    case unavailable(reason: any Error)

    /// The database takes no writes, while it may be read. Only a check of readiness throws it. The
    /// reason is for clients, too. 503.
    case notWritable(reason: any OperatorError)

    /// Finding out what was asked for takes longer than anybody may keep the database busy. The reason
    /// is for the log only. 503.
    case tooSlow(reason: any Error)

    /// The database was told to keep what was asked for, and gave no answer: it may have happened or
    /// not. The reason is for the log only. 503.
    case outcomeUnknown(reason: any Error)
}

extension InventoryError {
    /// What is wrong with what a client sent; empty if the error is about something else.
    package var fieldErrors: [FieldError] {
        if case .invalid(let errors) = self { errors } else { [] }
    }
}
