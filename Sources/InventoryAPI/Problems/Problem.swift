internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON

/// Why a request was not done, in the form of RFC 9457.
///
/// Handlers throw it, and ``ProblemMiddleware`` answers with it.
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

    /// Tells all faults of a body at once.
    static func validationFailed(_ faults: [Fault]) -> Problem {
        let detail =
            if let fault = faults.first, faults.count == 1 {
                // A hint ("did you mean …?") has its question mark already.
                "\(fault.path.isEmpty ? "The body" : fault.name) \(fault.detail)"
                    + (fault.detail.hasSuffix("?") ? "" : ".")
            } else {
                "\(faults.count) members need attention: "
                    + faults.map { $0.path.isEmpty ? "the body" : $0.name }.joined(separator: ", ")
                    + "."
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
    /// The JSON pointer to the fault: the empty one is the whole body, and `~` and `/` in a name are
    /// escaped (RFC 6901).
    var pointer: String {
        path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    /// What the fault is of, in a sentence.
    fileprivate var name: String { path.joined(separator: ".") }
}
