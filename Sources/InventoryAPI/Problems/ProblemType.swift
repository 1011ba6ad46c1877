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
        .signInRefused, .notPermitted, .notFound, .methodNotAllowed, .notAcceptable,
        .requestTimeout, .numberExists, .userExists, .lastSupervisor, .cannotUndo, .versionConflict,
        .previewOutdated,
        .contentTooLarge, .uriTooLong,
        .unsupportedMediaType, .misdirectedRequest, .validationFailed, .tooManyAttempts,
        .tooManyRequests, .headersTooLarge, .internalError,
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
        name: "malformed-body", status: .badRequest, title: "The body is not JSON",
        cause: """
            The body of the request is empty or cannot be read as JSON (RFC 8259) in UTF-8; or it is a \
            file of numbers that is not what its Content-Type says.
            """,
        example: #"{"value": "+55 84 91234-4321",}"#,
        remedy: "The detail tells the line and the column. Let a library write the JSON.")

    static let invalidParameter = ProblemType(
        name: "invalid-parameter", status: .badRequest, title: "A parameter is wrong",
        cause: "A query parameter is unknown, given twice, or has a value that it cannot have.",
        example: "GET /api/v1/numbers?per_page=50",
        remedy: "The member errors lists each parameter that is wrong, and what it may be.")

    static let malformedHeader = ProblemType(
        name: "malformed-header", status: .badRequest, title: "A header is malformed",
        cause: "A header that the answer depends on cannot be understood.",
        example: "If-Match: 3",
        remedy: "Send entity tags as they were answered, with their quotes: If-Match: \"3\".")

    static let notSignedIn = ProblemType(
        name: "not-signed-in", status: .unauthorized, title: "Not signed in",
        cause: """
            The request shows no token, or one whose session has ended: after 12 hours, by signing \
            out, by a new password, or with its user.
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

    static let notFound = ProblemType(
        name: "not-found", status: .notFound, title: "Not found",
        cause: "There is nothing at this address. A number that was deleted does not come back.",
        example: "GET /api/v1/numbers/999999999",
        remedy: "List the numbers to see which there are.")

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
        name: "version-conflict", status: .preconditionFailed, title: "The number has changed",
        cause: "Somebody changed the number after you read it, so If-Match does not hold.",
        example: "PATCH /api/v1/numbers/42 with If-Match: \"3\" when it is at \"4\"",
        remedy:
            "The member current is the number as it is, ETag its new tag. Decide and send again.")

    static let cannotUndo = ProblemType(
        name: "cannot-undo", status: .conflict, title: "The change cannot be undone",
        cause: """
            A number has moved on since the change, its phone number was taken by another one \
            meanwhile, or the change was undone already. Nothing was done.
            """,
        example: "POST /api/v1/changes/7/undo after number 42, which it changed, was deleted",
        remedy: """
            The member numbers names each number that is in the way, with the change that moved it, \
            which may be undone first.
            """)

    static let previewOutdated = ProblemType(
        name: "preview-outdated", status: .preconditionFailed, title: "The preview is out of date",
        cause: """
            The request has If-Match with the tag of a preview, and what it would do now is not what \
            that told. Nothing was done.
            """,
        example: "POST /api/v1/changes with If-Match, after somebody changed one of the numbers",
        remedy: "The member preview is what it would do now; send its ETag, or look again.")

    static let contentTooLarge = ProblemType(
        name: "content-too-large", status: .contentTooLarge, title: "The body is too large",
        cause: """
            The body of the request has more than 64 KiB, where a number needs some hundred bytes; or it \
            is a file to import, and has more than 64 MiB.
            """,
        example: "POST /api/v1/numbers with a file of 5 MB",
        remedy: "Send one number a request, or a file to /api/v1/numbers/import, in parts.")

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
            The member errors lists every fault with a pointer (RFC 6901) to its place; of a file, the \
            first hundred with their lines.
            """)

    static let tooManyAttempts = ProblemType(
        name: "too-many-attempts", status: .tooManyRequests, title: "Too many attempts",
        cause: """
            Too many sign-ins failed, or changes of the own password, for this user name or from this \
            address, or the proxy got more than 30 a minute from it.
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
        cause: "A fault of the program. It was logged with the request's id.",
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
        cause: "The request names a version of HTTP that is neither 1.0, 1.1 nor 2.",
        example: "GET /api/v1/numbers HTTP/3.0",
        remedy: "Use a library that speaks HTTP/1.1 or HTTP/2.")

    static let unavailable = ProblemType(
        name: "unavailable", status: .serviceUnavailable, title: "Temporarily unavailable",
        cause: """
            The database is away, busy or full, or too many sign in, or export or import files, at once.
            """,
        example: "A write while the disk is full",
        remedy:
            "Try again after the seconds in Retry-After. A write that was refused did not happen.")

    static let outcomeUnknown = ProblemType(
        name: "outcome-unknown", status: .serviceUnavailable,
        title: "It may have happened or not",
        cause: """
            The database was told to keep what you sent, and gave no answer: the connection broke, or \
            the disk failed, in that moment.
            """,
        example: "A write in the moment in which the database's machine loses its power",
        remedy: """
            After the seconds in Retry-After read again and compare: GET the number that you changed \
            or deleted, or search for the one that you created. Where it is as you wanted it, all is \
            done. Where it is as it was before, send the request again; a change with If-Match, so that \
            nobody else's is lost. It may still arrive after you have read: then the second one is \
            answered 409 or 412.
            """)
}
