internal import Inventory
internal import NumberFiles

/// Which numbers are exported, and how they are written.
struct ExportOptions {
    static let parameterNames =
        ["format"] + NumberQuery.parameterNamesWithoutPage + ["ids", "separator", "decimal"]

    let query: NumberQuery
    let format: FileFormat
    let writer: NumberWriter

    init(_ parameters: inout QueryParameters) {
        query = NumberQuery(&parameters)
        format = parameters.choice("format", of: FileFormat.written) ?? .csv
        writer = NumberWriter(
            format: format, style: Self.style(&parameters, format),
            hasIDs: parameters.flag("ids"))
    }

    private static func style(_ parameters: inout QueryParameters, _ format: FileFormat) -> CSVStyle
    {
        let separator = parameters.choice("separator", of: CSVStyle.Separator.allCases)
        let decimal = parameters.choice("decimal", of: CSVStyle.DecimalSeparator.allCases)
        if format != .csv {
            for (name, isGiven) in [
                ("separator", separator != nil), ("decimal", decimal != nil),
            ]
            where isGiven {
                parameters.note(name, "is for format=csv only")
            }
        }
        let style = CSVStyle(separator: separator ?? .comma, decimal: decimal ?? .point)
        if style == nil { parameters.note("decimal", "needs separator=; where it is a comma") }
        return style ?? .standard
    }
}
