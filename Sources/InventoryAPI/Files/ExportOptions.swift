internal import Inventory
internal import NumberFiles

/// Which numbers are exported, and how they are written.
struct ExportOptions {
    static let parameterNames =
        ["format", "q", "currency", "sort", "ids", "separator", "decimal"]

    let query: NumberQuery
    let format: FileFormat
    let writer: NumberWriter

    /// - Throws: ``Problem`` of type `invalid-parameter`.
    init(_ parameters: QueryParameters) throws {
        query = try NumberQuery(parameters)
        format = try parameters.choice("format", of: FileFormat.written) ?? .csv
        writer = NumberWriter(
            format: format, style: try Self.style(parameters, format),
            hasIDs: try parameters.flag("ids"))
    }

    private static func style(
        _ parameters: QueryParameters, _ format: FileFormat
    ) throws -> CSVStyle {
        let separator = try parameters.choice("separator", of: CSVStyle.Separator.allCases)
        let decimalSign = try parameters.choice("decimal", of: CSVStyle.DecimalSign.allCases)
        guard format == .csv || (separator == nil && decimalSign == nil) else {
            throw Problem.invalidParameter("separator and decimal are for format=csv only.")
        }
        guard
            let style = CSVStyle(
                separator: separator ?? .comma, decimalSign: decimalSign ?? .point)
        else { throw Problem.invalidParameter("decimal=, needs separator=; beside it.") }
        return style
    }
}
