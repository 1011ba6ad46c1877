internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// Why a request was not done, in the form of RFC 9457.
///
/// Handlers throw it, and ``APIResponder`` responds with it.
struct Problem: Error {
    let type: ProblemType
    /// A sentence for a person.
    let detail: String
    var headers: HTTPFields = [:]
    /// Members beside those that every problem has.
    var members: [(name: String, value: JSONValue)] = []

    func response(instance: String, requestID: String) -> Response {
        response(text(instance: instance, requestID: requestID))
    }

    /// - Parameter text: The problem as JSON.
    func response(_ text: [UInt8]) -> Response {
        var response = Response(status: type.status, jsonText: text)
        response.headers.append(contentsOf: headers)
        response.headers[.contentType] = "application/problem+json"
        return response
    }

    func text(instance: String, requestID: String) -> [UInt8] {
        JSONValue.object(
            [
                ("type", .string(type.address)), ("title", .string(type.title)),
                ("status", .number(type.status.code)), ("detail", .string(detail)),
                ("instance", .string(instance)), ("requestId", .string(requestID)),
            ] + members
        ).text
    }
}

extension Problem {
    static func invalidParameter(_ detail: String) -> Problem {
        Problem(type: .invalidParameter, detail: detail)
    }

    /// Tells all that is wrong with the parameters of a query at once.
    static func invalidParameters(_ errors: [FieldError]) -> Problem {
        let members = errors.map { error in
            JSONValue.object([
                ("parameter", .string(error.field ?? "")), ("detail", .string(error.detail)),
            ])
        }
        return Problem(
            type: .invalidParameter,
            detail: sentence(of: errors, of: "parameters", whole: "A parameter without a name"),
            members: [("errors", .array(members))])
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(type: .notFound, detail: detail)
    }

    static func malformedBody(_ detail: String) -> Problem {
        Problem(type: .malformedBody, detail: detail)
    }

    /// Others are being served, who take seconds and not moments.
    ///
    /// - Parameter reason: A sentence without its full stop.
    static func busy(_ reason: String) -> Problem {
        Problem(
            type: .unavailable, detail: "\(reason); try again in 10 s.",
            headers: [.retryAfter: "10"])
    }

    /// Tells all errors of a body at once.
    static func validationFailed(_ errors: [FieldError]) -> Problem {
        let members = errors.map { error in
            JSONValue.object([
                ("pointer", .string(error.pointer)), ("detail", .string(error.detail)),
            ])
        }
        return Problem(
            type: .validationFailed,
            detail: sentence(of: errors, of: "members", whole: "The body"),
            members: [("errors", .array(members))])
    }

    /// The one error there is, or where all of them are.
    ///
    /// - Parameter kind: What they are errors of, in the plural.
    /// - Parameter whole: What an error is of that names nothing, at the beginning of a sentence.
    private static func sentence(
        of errors: [FieldError], of kind: String, whole: String
    ) -> String {
        if let error = errors.first, errors.count == 1 {
            // A hint ("did you mean …?") has its question mark already.
            return "\(error.name.isEmpty ? whole : error.name) \(error.detail)"
                + (error.detail.hasSuffix("?") ? "" : ".")
        }
        let names = errors.map { $0.name.isEmpty ? whole.lowercasedFirst : $0.name }
        return "\(errors.count) \(kind) need attention: \(names.joined(separator: ", "))."
    }
}

extension FieldError {
    /// The JSON pointer to the error: the empty one is the whole body, and `~` and `/` in a name are
    /// escaped (RFC 6901).
    var pointer: String {
        path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    /// What the error is of, in a sentence.
    fileprivate var name: String { path.joined(separator: ".") }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
