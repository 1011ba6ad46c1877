internal import Hummingbird
internal import Inventory
internal import NumberFiles

/// How to import a file, and its format.
struct ImportOptions {
    static let parameterNames = ["mode", "dryRun", "decimal"]

    let mode: ImportMode
    let isDryRun: Bool
    /// The decimal separator; nil if the prices decide.
    let decimal: CSVStyle.DecimalSeparator?
    let format: FileFormat

    /// - Throws: ``Problem`` of type `invalid-parameter` or `unsupported-media-type`.
    init(_ request: Request) throws {
        let type = try request.checkContentType(FileFormat.allCases.map(\.mediaType))
        let format = FileFormat.allCases.first { $0.mediaType == type } ?? .csv
        self.format = format
        (_, (mode, isDryRun, decimal)) = try request.parameters(Self.parameterNames) { parameters in
            let decimal = parameters.choice("decimal", of: CSVStyle.DecimalSeparator.allCases)
            if decimal != nil, format != .csv { parameters.note("decimal", "is for CSV only") }
            // The default mode changes no existing numbers.
            return (
                parameters.choice("mode", of: ImportMode.allCases) ?? .create,
                parameters.flag("dryRun"), decimal
            )
        }
    }
}
