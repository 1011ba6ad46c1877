internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// Why a request was not executed (RFC 9457). Handlers throw it; ``APIResponder`` responds with it.
struct Problem: Error {
    let type: ProblemType
    /// A message for the user.
    let detail: String
    var headers: HTTPFields = [:]
    /// Members that only some problems have.
    var members: JSONMembers = []

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
    init(
        _ type: ProblemType, _ detail: String, headers: HTTPFields = [:], members: JSONMembers = []
    ) {
        self.init(type: type, detail: detail, headers: headers, members: members)
    }

    init(_ type: ProblemType, _ detail: String, retryAfter seconds: Int) {
        self.init(type, detail, headers: [.retryAfter: String(seconds)])
    }

    /// - Parameter reason: A message without its full stop.
    static func busy(_ reason: String) -> Problem {
        Problem(.unavailable, "\(reason); try again in 10 s.", retryAfter: 10)
    }

    static func invalidParameters(_ errors: [FieldError]) -> Problem {
        let list = errors.map { $0.json(("parameter", .string($0.field ?? ""))) }
        return Problem(
            .invalidParameter,
            message(errors, of: "parameters", unnamed: "A parameter without a name"),
            members: [("errors", .array(list))])
    }

    static func validationFailed(_ errors: [FieldError]) -> Problem {
        let list = errors.map { $0.json(("pointer", .string($0.pointer))) }
        return Problem(
            .validationFailed, message(errors, of: "members", unnamed: "The body"),
            members: [("errors", .array(list))])
    }

    /// The message of the only error, or the list of the fields with errors. `unnamed` is the name
    /// of the whole object, for errors without a field.
    private static func message(
        _ errors: [FieldError], of kind: String, unnamed: String
    ) -> String {
        let names = errors.map { $0.path.joined(separator: ".") }
        if let error = errors.first, errors.count == 1 {
            // A hint ("did you mean …?") already ends with a question mark.
            return "\(names[0].isEmpty ? unnamed : names[0]) \(error.detail)"
                + (error.detail.hasSuffix("?") ? "" : ".")
        }
        let lowercased = unnamed.prefix(1).lowercased() + unnamed.dropFirst()
        let list = names.map { $0.isEmpty ? lowercased : $0 }.joined(separator: ", ")
        return "\(errors.count) \(kind) need attention: \(list)."
    }
}

extension FieldError {
    /// The JSON pointer to the error (RFC 6901): empty for the whole body.
    var pointer: String {
        path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    func json(_ place: JSONMembers.Element...) -> JSONValue {
        .object(place + [("detail", .string(detail))])
    }
}
