internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// A request that was not done, as RFC 9457 tells it.
///
/// Thrown by handlers, answered by ``ProblemMiddleware``.
struct Problem: Error {
    let type: ProblemType
    /// A sentence for a person.
    let detail: String
    var headers: HTTPFields = [:]
    /// Members beside those that every problem has.
    var members: [(name: String, value: JSONValue)] = []

    func response(instance: String, requestID: String) -> Response {
        var response = Response(
            status: type.status,
            json: .object(
                [
                    ("type", .string(type.address)),
                    ("title", .string(type.title)),
                    ("status", .number(type.status.code)),
                    ("detail", .string(detail)),
                    ("instance", .string(instance)),
                    ("requestId", .string(requestID)),
                ] + members))
        response.headers.append(contentsOf: headers)
        response.headers[.contentType] = "application/problem+json"
        return response
    }
}

extension Problem {
    static func invalidParameter(_ detail: String) -> Problem {
        Problem(type: .invalidParameter, detail: detail)
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(type: .notFound, detail: detail)
    }

    static func malformedBody(_ detail: String) -> Problem {
        Problem(type: .malformedBody, detail: detail)
    }

    /// All faults of a body at once.
    static func validationFailed(_ faults: [Fault]) -> Problem {
        let detail =
            if let fault = faults.first, faults.count == 1 {
                // A hint ends as a question.
                "\(fault.field ?? "The body") \(fault.detail)"
                    + (fault.detail.hasSuffix("?") ? "" : ".")
            } else {
                "\(faults.count) members need attention: "
                    + faults.map { $0.field ?? "the body" }.joined(separator: ", ") + "."
            }
        let errors = faults.map { fault in
            JSONValue.object([
                ("pointer", .string(fault.pointer)), ("detail", .string(fault.detail)),
            ])
        }
        return Problem(
            type: .validationFailed, detail: detail, members: [("errors", .array(errors))])
    }
}

extension Fault {
    /// RFC 6901: `~` and `/` of a name are escaped; the empty pointer is the whole.
    fileprivate var pointer: String {
        guard let field else { return "" }
        return "/" + field.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
