internal import Credentials
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

extension Problem {
    /// Does not describe an unexpected error: it may name files, statements or passwords.
    init(_ error: any Error, request: Request) {
        switch error {
        case let problem as Problem: self = problem
        case let error as InventoryError: self.init(error, request: request)
        case let error as AccountError: self.init(error, request: request)
        case is PasswordHasher.Busy:
            self.init(
                .unavailable, "Too many passwords are being checked; try again.", retryAfter: 2)
        case RequestStopped.shutdown:
            self = .busy("The server shuts down, and nothing was done")
        case RequestStopped.clientLeft:
            self.init(.malformedBody, "The client left; nothing was done.")
        default:
            self.init(.internalError, "Unexpected error; quote the requestId.")
        }
    }

    private init(_ error: AccountError, request: Request) {
        switch error {
        case .userExists(let id, _):
            self.init(
                .userExists, error.description,
                members: [("existing", .string(request.address(ofUser: id)))])
        case .noSuchUser: self.init(.notFound, error.description)
        case .lastSupervisor: self.init(.lastSupervisor, error.description)
        }
    }

    private init(_ error: InventoryError, request: Request) {
        switch error {
        case .noSuchNumber(let id):
            self.init(.notFound, "There is no number with id \(id).")
        case .numberExists(let id, let value):
            self.init(
                .numberExists, "\(value.formatted) is already in the inventory as id \(id).",
                members: [("existing", .string(request.address(ofNumber: id)))])
        case .versionConflict(let current):
            self.init(
                .versionConflict, request.versionConflict(with: current),
                headers: [.eTag: EntityTag(current).description],
                members: [("current", current.json)])
        case .invalid(let errors):
            self = .validationFailed(errors)
        case .noSuchChange(let id, let oldest):
            let hint = oldest.map { id < $0 ? "; the oldest that is kept is \($0)" : "" } ?? ""
            self.init(.notFound, "There is no change with id \(id)\(hint).")
        case .alreadyUndone(let id, let other):
            self.init(
                .cannotUndo, "Change \(id) was undone already, by change \(other).",
                members: [("undoneBy", .number(other))])
        case .cannotUndo(let id, let conflicts):
            self.init(id, conflicts)
        case .previewOutdated(let preview):
            self.init(
                .previewOutdated, request.previewMismatch(with: preview),
                headers: [.eTag: EntityTag(opaque: preview.tag).description],
                members: [("preview", preview.json)])
        case .cannotChange(let preview):
            self.init(preview)
        case .idempotencyKeyReused:
            self.init(
                .idempotencyKeyReused,
                "You have sent another request with this Idempotency-Key. Use a new key.")
        case .idempotencyKeyInUse:
            self.init(
                .idempotencyKeyInUse,
                """
                A request with this Idempotency-Key is in progress. Send this one again to get its \
                response.
                """, retryAfter: 5)
        case .tooManyIdempotencyKeys(let seconds):
            self.init(
                .tooManyIdempotencyKeys,
                """
                You have used \(IdempotencyKey.mostPerUser) Idempotency-Keys within 24 hours; \
                nothing was done.
                """, retryAfter: seconds)
        case .unavailable:
            self.init(.unavailable, "The inventory is temporarily unavailable.", retryAfter: 2)
        case .notWritable(let reason):
            self.init(
                .unavailable, "The inventory cannot be changed. \(reason.advice)", retryAfter: 5)
        case .tooSlow:
            self.init(
                .unavailable,
                """
                This takes too long to find out. Search for more digits, sort by one member alone, or \
                ask for a page nearer to the first or the last.
                """, retryAfter: 2)
        case .outcomeUnknown:
            self.init(
                .outcomeUnknown,
                "The inventory did not confirm the change: it may have happened or not.",
                retryAfter: 2)
        }
    }

    private init(_ id: Int64, _ conflicts: UndoConflicts) {
        let isOne = conflicts.total == 1
        let count = isOne ? "1 number has" : "\(conflicts.total) numbers have"
        // Conflicts that are not listed may be of the other kind.
        let isTaken =
            conflicts.elements.count == conflicts.total && conflicts.elements.allSatisfy(\.isTaken)
        let loss = isOne ? "lost its phone number to another" : "lost their phone numbers to others"
        self.init(
            .cannotUndo,
            "\(count) \(isTaken ? loss : "moved on") since change \(id); nothing was undone.",
            members: [
                ("errorCount", .number(conflicts.total)),
                ("numbers", .array(conflicts.elements.map(\.json))),
            ])
    }

    private init(_ preview: BulkPreview) {
        let others = preview.errorCount - 1
        let more = others > 0 ? "; and \(others) more errors" : ""
        let first = preview.errors.first.map { first in
            "\(first.error.field.map { "\($0) of " } ?? "")number \(first.id) \(first.error.detail)"
        }
        self.init(
            .validationFailed, "Nothing was changed: \(first ?? "")\(more).",
            members: [
                ("errorCount", .number(preview.errorCount)),
                ("errors", .array(preview.errors.map(\.json))),
            ])
    }

    static let requestTimeout = Problem(.requestTimeout, "The request took too long to arrive.")
}

extension RejectedRequest {
    var problem: Problem {
        let (type, detail): (ProblemType, String) =
            switch reason {
            case .noHost: (.malformedRequest, "The request has no header Host.")
            case .severalHosts: (.malformedRequest, "The request has several headers Host.")
            case .malformed:
                (
                    .malformedRequest,
                    "The method, the address or a header is malformed. Write a blank in the address as %20."
                )
            case .unknownCoding:
                (.malformedRequest, "Transfer-Encoding must be chunked, in a request of HTTP/1.1.")
            case .bodyTooLarge: (.contentTooLarge, "The body is larger than any accepted body.")
            case .unknownVersion: (.httpVersionNotSupported, "Send the request in HTTP/1.1.")
            case .uriTooLong:
                (.uriTooLong, "The address is longer than 8 KiB: send fewer parameters.")
            case .headersTooLarge: (.headersTooLarge, "The headers are larger than 32 KiB.")
            case .unencodedURI:
                (
                    .malformedRequest,
                    "The address has a character that must be percent-encoded, such as € as %E2%82%AC."
                )
            case .tooSlow: (.requestTimeout, Problem.requestTimeout.detail)
            }
        return Problem(type, detail)
    }
}
