internal import HTTPTypes
package import Hummingbird

/// A type of problem, and what its address tells people about it.
package struct ProblemType: Sendable {
    /// The last part of its address, `/problems/{name}`.
    package let name: String
    package let status: HTTPResponse.Status
    package let title: String
    /// Why it happens.
    let cause: String
    /// A request that meets it.
    let example: String
    /// What to do about it.
    let remedy: String

    /// What a problem's member `type` says: a path, which is right whatever the server is called.
    var address: String { "/problems/" + name }
}

extension ProblemType {
    package static let all: [ProblemType] = [
        .malformedRequest, .malformedBody, .invalidParameter, .malformedHeader, .notSignedIn,
        .signInRefused, .notPermitted, .originNotAllowed, .notFound, .methodNotAllowed,
        .notAcceptable, .requestTimeout, .numberExists, .userExists, .lastSupervisor, .cannotUndo,
        .idempotencyKeyInUse, .versionConflict, .previewOutdated,
        .contentTooLarge, .uriTooLong,
        .unsupportedMediaType, .misdirectedRequest, .validationFailed, .idempotencyKeyReused,
        .tooManyAttempts, .tooManyIdempotencyKeys, .tooManyRequests, .headersTooLarge,
        .internalError,
        .transferCodingUnknown, .httpVersionNotSupported, .unavailable, .outcomeUnknown,
    ]

    static let malformedRequest = ProblemType(
        name: "malformed-request", status: .badRequest, title: "The request is malformed",
        cause: """
            What was sent is no request of HTTP, has no header Host or several, or is plain HTTP \
            where TLS is spoken.
            """,
        example: "http://inventory.example:443/",
        remedy: "Use https, and a library that speaks HTTP.")

    static let malformedBody = ProblemType(
        name: "malformed-body", status: .badRequest, title: "The body or the file cannot be read",
        cause: """
            The body of the request is empty, ended early or is not JSON (RFC 8259) in UTF-8; or it is a \
            file of numbers that is not UTF-8, or not what its Content-Type says.
            """,
        example: #"{"value": "+55 84 91234-4321",}"#,
        remedy: """
            The detail says what cannot be read. Let a library write the JSON; save a file as UTF-8.
            """)

    static let invalidParameter = ProblemType(
        name: "invalid-parameter", status: .badRequest, title: "A parameter is wrong",
        cause: """
            A query parameter is unknown, given twice, or has a value that it cannot have; or the query \
            cannot be read.
            """,
        example: "GET /api/v1/numbers?per_page=50",
        remedy: """
            The detail says what is wrong. The member errors, if there is one, lists each parameter, and \
            what it may be.
            """)

    static let malformedHeader = ProblemType(
        name: "malformed-header", status: .badRequest, title: "A header is malformed",
        cause: "A header that the response depends on cannot be understood.",
        example: "If-Match: 3",
        remedy: """
            Send entity tags as they were returned, with their quotes: If-Match: "3". Send Authorization \
            once, and one Idempotency-Key of 1 to 255 visible ASCII characters, such as a UUID.
            """)

    static let notSignedIn = ProblemType(
        name: "not-signed-in", status: .unauthorized, title: "Not signed in",
        cause: """
            The request has no token, one that is unknown, or one whose session has ended: after 12 \
            hours, by signing out, by a new password, or with its user.
            """,
        example: "GET /api/v1/numbers without Authorization",
        remedy: "POST /api/v1/sessions, then send Authorization: Bearer and the token.")

    static let signInRefused = ProblemType(
        name: "sign-in-refused", status: .unauthorized, title: "Sign-in refused",
        cause: "No user has this name and this password.",
        example: #"POST /api/v1/sessions with {"username": "ana", "password": "guess"}"#,
        remedy:
            "Type them again. A supervisor sets a new password, or: carrier user set-password NAME."
    )

    static let notPermitted = ProblemType(
        name: "not-permitted", status: .forbidden, title: "Not permitted",
        cause: """
            The user is signed in, and may not do this: only supervisors change numbers, and see and \
            change users.
            """,
        example: "DELETE /api/v1/numbers/42 by a salesperson",
        remedy: "Ask a supervisor; or for the role: carrier user set-role NAME supervisor.")

    static let originNotAllowed = ProblemType(
        name: "origin-not-allowed", status: .forbidden,
        title: "Pages of this origin cannot change anything",
        cause: """
            The server requires no sign-in (--no-auth), and the request comes from a web page of another origin: \
            any page in a browser could change the inventory.
            """,
        example: "POST /api/v1/numbers with Origin: https://shop.example",
        remedy: """
            List the page's origin in CORS_ORIGINS. With CORS_ORIGINS=* only pages of this machine can change \
            something, such as those of http://localhost:3000.
            """)

    static let notFound = ProblemType(
        name: "not-found", status: .notFound, title: "Not found",
        cause: """
            There is nothing at this address: it never existed, or was deleted. A deleted number keeps \
            its history, and has its id again if the deletion is undone.
            """,
        example: "GET /api/v1/numbers/999999999",
        remedy: """
            List the numbers, users or changes that exist. For a deleted number: GET \
            /api/v1/numbers/{id}/changes, then POST /api/v1/changes/{id}/undo.
            """)

    static let methodNotAllowed = ProblemType(
        name: "method-not-allowed", status: .methodNotAllowed, title: "Method not allowed",
        cause: "The address exists, but not for this method.",
        example: "DELETE /api/v1/numbers",
        remedy: "The header Allow lists the methods.")

    static let notAcceptable = ProblemType(
        name: "not-acceptable", status: .notAcceptable, title: "Not acceptable",
        cause: """
            The header Accept rules out application/json, the only form there is; or, of an export, \
            text/csv and application/x-ndjson.
            """,
        example: "Accept: application/xml",
        remedy: "Send Accept: application/json, or no Accept at all.")

    static let requestTimeout = ProblemType(
        name: "request-timeout", status: .requestTimeout, title: "The request took too long",
        cause: """
            The head of the request took more than 10 seconds to arrive, or its body more than 30 \
            and what it takes at 16 KiB a second.
            """,
        example: "A body that arrives a byte a second",
        remedy: "Send the request again, over a faster network.")

    static let numberExists = ProblemType(
        name: "number-exists", status: .conflict, title: "The number exists already",
        cause: "The inventory has this phone number, however it is written: the digits decide.",
        example: #"{"value": "+5584912344321", …} when +55 84 91234-4321 is for sale"#,
        remedy: "The member existing is the address of the number that is there: change that one.")

    static let userExists = ProblemType(
        name: "user-exists", status: .conflict, title: "The user exists already",
        cause: "Another user has this name; the case of its letters means nothing.",
        example: #"POST /api/v1/users with {"username": "Ana", …} when there is ana"#,
        remedy: "Choose another name; the member existing is the address of the user who has it.")

    static let lastSupervisor = ProblemType(
        name: "last-supervisor", status: .conflict, title: "The last supervisor stays",
        cause: """
            The user is the only supervisor that there is. Without one, nobody could change the \
            inventory, or add users.
            """,
        example: #"PATCH /api/v1/users/1 with {"role": "salesperson"}"#,
        remedy: "Make somebody else supervisor first.")

    static let versionConflict = ProblemType(
        name: "version-conflict", status: .preconditionFailed,
        title: "The number's version is not as required",
        cause: """
            If-Match does not name the number's tag, because the number has changed since you read it or \
            never had such a tag; or If-None-Match names it. Nothing was done.
            """,
        example: "PATCH /api/v1/numbers/42 with If-Match: \"3\" when it is at \"4\"",
        remedy: "The member current is the number as it is, ETag its tag. Decide and send again.")

    static let cannotUndo = ProblemType(
        name: "cannot-undo", status: .conflict, title: "The change cannot be undone",
        cause: """
            A number has moved on since the change, its phone number was taken by another one \
            meanwhile, or the change was undone already. Nothing was done.
            """,
        example: "POST /api/v1/changes/7/undo after number 42, which it changed, was deleted",
        remedy: """
            The member numbers lists the conflicting numbers, at most a hundred, each with the change that \
            changed it since; undo that change first. The member undoneBy is the change that undid this one.
            """)

    static let previewOutdated = ProblemType(
        name: "preview-outdated", status: .preconditionFailed, title: "The preview does not match",
        cause: """
            If-Match does not name the preview of what the request would do now: numbers have changed since \
            that preview, it was of another request, or the tag is not of a preview. Nothing was done.
            """,
        example: "POST /api/v1/changes with If-Match, after somebody changed one of the numbers",
        remedy: "The member preview is what it would do now; send its ETag, or look again.")

    static let contentTooLarge = ProblemType(
        name: "content-too-large", status: .contentTooLarge, title: "The body is too large",
        cause: """
            The body of the request has more than 64 KiB, where a number needs some hundred bytes; or \
            more than 1 MiB to change many numbers, or 64 MiB to import a file.
            """,
        example: "POST /api/v1/numbers with a file of 5 MB",
        remedy: """
            Send one number a request, or a file to /api/v1/numbers/import, in parts; select many numbers \
            by a filter.
            """)

    static let uriTooLong = ProblemType(
        name: "uri-too-long", status: .uriTooLong, title: "The address is too long",
        cause: "The path and query of the request have more than 8 KiB.",
        example: "GET /api/v1/numbers?q= and 10,000 digits",
        remedy: "No number has more than 15 digits.")

    static let unsupportedMediaType = ProblemType(
        name: "unsupported-media-type", status: .unsupportedMediaType,
        title: "Unsupported media type",
        cause: """
            The header Content-Type, or Content-Encoding, says that the body is nothing that is taken \
            here, or that it is compressed.
            """,
        example: "Content-Type: application/x-www-form-urlencoded",
        remedy: """
            Send Content-Type: application/json, or with a file to import text/csv or \
            application/x-ndjson, and the body in UTF-8 and not compressed.
            """)

    static let misdirectedRequest = ProblemType(
        name: "misdirected-request", status: .misdirectedRequest,
        title: "The request is for another host",
        cause: """
            The server answers everybody on its own machine (--no-auth), and the header Host names \
            another one: a web page may be using the browser to get here.
            """,
        example: "Host: shop.example",
        remedy: "Use the address http://localhost or http://127.0.0.1.")

    static let validationFailed = ProblemType(
        name: "validation-failed", status: .unprocessableContent,
        title: "Some members need attention",
        cause: "The body can be read, but what it says breaks a rule of the inventory.",
        example: #"{"value": "+55 84 91234-4321", "monthyPrice": "-0.03", …}"#,
        remedy: """
            The member errors lists what is wrong with a pointer (RFC 6901) to its place: all members, but \
            at most 20 unknown ones, and at most 100 errors of a file or of many numbers.
            """)

    static let idempotencyKeyReused = ProblemType(
        name: "idempotency-key-reused", status: .unprocessableContent,
        title: "The Idempotency-Key belongs to another request",
        cause: """
            You have sent a request with this Idempotency-Key within 24 hours, and its method, address, \
            If-Match, Content-Type or body was different. Nothing was done.
            """,
        example: "POST /api/v1/changes with the key of another POST",
        remedy: """
            Use a new key for each new request. Only if you repeat a request whose response was lost, \
            use its key and send the same bytes.
            """)

    static let idempotencyKeyInUse = ProblemType(
        name: "idempotency-key-in-use", status: .conflict,
        title: "A request with this Idempotency-Key is in progress",
        cause: "The server waited five seconds for the first request with this key.",
        example: "POST /api/v1/numbers/import again while the same file is imported",
        remedy: """
            Send the same request again after the seconds in Retry-After. It gets the response of the \
            first one; nothing is done twice.
            """)

    static let tooManyIdempotencyKeys = ProblemType(
        name: "too-many-idempotency-keys", status: .tooManyRequests,
        title: "Too many Idempotency-Keys",
        cause: """
            You have used 10,000 keys within 24 hours. The request was not done. Requests that were \
            done before can still be repeated.
            """,
        example: "The 10,001st POST /api/v1/numbers with a new key in a day",
        remedy: """
            Wait the seconds in Retry-After, send no key, or create many numbers with one import.
            """)

    static let tooManyAttempts = ProblemType(
        name: "too-many-attempts", status: .tooManyRequests, title: "Too many attempts",
        cause: """
            Too many sign-ins or password changes failed for this user name or from this address; or this \
            address has sent more requests than the proxy allows: 30 a minute unless set otherwise.
            """,
        example: "The sixth wrong password in a row",
        remedy: "Try again after the seconds in Retry-After, with the right password.")

    /// Only the proxy answers with this one.
    static let tooManyRequests = ProblemType(
        name: "too-many-requests", status: .tooManyRequests, title: "Too many requests",
        cause: "More requests come from this address than the proxy lets through.",
        example: "500 requests in a second",
        remedy:
            "Ask less often. Polling costs little with If-None-Match, and once in some seconds.")

    static let headersTooLarge = ProblemType(
        name: "headers-too-large", status: .requestHeaderFieldsTooLarge,
        title: "The headers are too large",
        cause: "The headers of the request have more than 32 KiB together.",
        example: "A browser with very many cookies for this host",
        remedy: "Send fewer or shorter headers; delete the cookies.")

    static let internalError = ProblemType(
        name: "internal-error", status: .internalServerError, title: "Unexpected error",
        cause: "An error of the program. It was logged with the request's id.",
        example: "None that is known",
        remedy: "Tell whoever runs this server the requestId.")

    /// Only the proxy answers with this one.
    static let transferCodingUnknown = ProblemType(
        name: "transfer-coding-unknown", status: .notImplemented,
        title: "The transfer coding is unknown",
        cause: "The header Transfer-Encoding names a coding other than chunked.",
        example: "Transfer-Encoding: gzip",
        remedy: "Send the body as it is, with Content-Length or in chunks.")

    static let httpVersionNotSupported = ProblemType(
        name: "http-version-not-supported", status: .httpVersionNotSupported,
        title: "The version of HTTP is not supported",
        cause:
            "The request names a version other than HTTP/1.0 and 1.1; a proxy may accept HTTP/2.",
        example: "GET /api/v1/numbers HTTP/3.0",
        remedy: "Send the request in HTTP/1.1.")

    static let unavailable = ProblemType(
        name: "unavailable", status: .serviceUnavailable, title: "Temporarily unavailable",
        cause: """
            The database is away, busy or full; or finding the response takes too long; or too many \
            sign-ins, exports or imports run at once.
            """,
        example: "A write while the disk is full",
        remedy:
            "Try again after the seconds in Retry-After. A write that was refused did not happen.")

    static let outcomeUnknown = ProblemType(
        name: "outcome-unknown", status: .serviceUnavailable,
        title: "It may have happened or not",
        cause: """
            The database did not confirm your change: the connection broke, or the disk failed, while \
            it was being stored.
            """,
        example: "A write in the moment in which the database's machine loses its power",
        remedy: """
            Send a POST that had an Idempotency-Key again with the same key. Otherwise wait the seconds \
            in Retry-After, then GET the number that you changed or deleted, or search for the one that \
            you created. If it is as you wanted it, the change was made. If not, send the request again; \
            use If-Match, so that no other change is lost. If the first request was stored after you \
            read the number, the second one gets 409 or 412.
            """)
}
