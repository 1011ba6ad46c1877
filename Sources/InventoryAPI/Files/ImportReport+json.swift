internal import Inventory
internal import JSON
internal import NumberFiles

extension ImportReport {
    /// The members of a report, also of a refused import.
    ///
    /// - Parameter decimal: The decimal separator that its prices were read with, if any.
    func members(
        decimal: CSVStyle.DecimalSeparator?
    ) -> [(name: String, value: JSONValue)] {
        let errors = errors.map { error in
            JSONValue.object([
                ("line", .number(error.line)), ("pointer", .string(error.error.pointer)),
                ("detail", .string(error.error.detail)),
            ])
        }
        let end = stoppedAtLine.map { ("stoppedAtLine", JSONValue.number($0)) }
        return [
            ("rows", .number(rows)), ("created", .number(created)), ("changed", .number(changed)),
            ("unchanged", .number(unchanged)), ("errorCount", .number(errorCount)),
            ("errors", .array(errors)),
            ("decimal", decimal.map { .string($0.rawValue) } ?? .null),
        ] + [end].compactMap(\.self)
    }
}

extension ChangeResponse {
    init(_ report: ImportReport, decimal: CSVStyle.DecimalSeparator?) {
        self.init(
            status: 200, change: report.change,
            body: JSONValue.object(report.members(decimal: decimal)).text)
    }
}

extension Problem {
    /// - Parameter report: Of a file that has errors.
    init(_ report: ImportReport, decimal: CSVStyle.DecimalSeparator?) {
        let first = report.errors.first.map { error in
            "line \(error.line): \(error.error.field ?? "the row") \(error.error.detail)"
        }
        let beginning = "Nothing was imported: the file has \(report.errorCountText)"
        self.init(
            type: .validationFailed,
            detail: first.map {
                "\(beginning), the first in \($0)" + ($0.hasSuffix("?") ? "" : ".")
            }
                ?? beginning + ".",
            members: report.members(decimal: decimal))
    }
}
