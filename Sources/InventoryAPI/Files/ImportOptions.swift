internal import Hummingbird
internal import Inventory
internal import NumberFiles

/// What shall be done with a file, and how it is written.
struct ImportOptions {
    static let parameterNames = ["mode", "dryRun"]

    let mode: ImportMode
    let isDryRun: Bool
    let format: FileFormat

    /// - Throws: ``Problem`` of type `invalid-parameter` or `unsupported-media-type`.
    init(_ request: Request) throws {
        (_, (mode, isDryRun)) = try request.parameters(Self.parameterNames) { parameters in
            // The mode that harms nothing which is there is the one that needs not be named.
            (
                parameters.choice("mode", of: ImportMode.allCases) ?? .create,
                parameters.flag("dryRun")
            )
        }
        let type = try request.checkContentType(FileFormat.allCases.map(\.mediaType))
        format = FileFormat.allCases.first { $0.mediaType == type } ?? .csv
    }
}
