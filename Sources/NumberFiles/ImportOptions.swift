package import Inventory

/// How a client wants a file to be read.
package struct ImportOptions: Sendable {
    package var format: FileFormat
    package var mode: ImportMode
    /// Whether the file is only checked.
    package var isDryRun: Bool
    package var numberCheck: NumberCheck
    /// The decimal separator of a table; nil to find it in the prices.
    package var decimal: CSVStyle.DecimalSeparator?
    /// The names of columns that are not read.
    package var ignored: [String]
    package var assigned: [ColumnAssignment]
    package var corrections: RowCorrections
    /// The sheet of a workbook; nil for the first.
    package var sheet: String?
    /// How many errors a report lists.
    package var listedErrors: Int
    package var naming: OptionNaming

    package init(
        format: FileFormat, mode: ImportMode, isDryRun: Bool = false, numberCheck: NumberCheck,
        decimal: CSVStyle.DecimalSeparator? = nil, ignored: [String] = [],
        assigned: [ColumnAssignment] = [], corrections: RowCorrections = RowCorrections(),
        sheet: String? = nil,
        listedErrors: Int = ImportReport.mostErrors,
        naming: OptionNaming = .parameters
    ) {
        self.format = format
        self.mode = mode
        self.isDryRun = isDryRun
        self.numberCheck = numberCheck
        self.decimal = decimal
        self.ignored = ignored
        self.assigned = assigned
        self.corrections = corrections
        self.sheet = sheet
        self.listedErrors = listedErrors
        self.naming = naming
    }
}

extension ImportOptions {
    /// How to import rows without their ids.
    var idAdvice: String {
        format.isTable ? "skip the ids with \(naming.text("ignore", "id"))" : "leave out the ids"
    }

    /// A corrected member whose column is ignored; nil if there is none.
    package var ignoredCorrection: String? {
        let ignored = ignored.map { TableHeader.Column($0.foldedName).memberName }
        let assigned = assigned.map(\.column.memberName)
        return corrections.names.first { ignored.contains($0) && !assigned.contains($0) }
    }

    /// The names in a list that a client wrote, separated by commas.
    package static func names(in text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: ",")).map { String($0) ?? "" }
            .filter { !$0.trimmingMarks().isEmpty }
    }
}

/// How messages name an option: `decimal=,` of a request is `--decimal ,` of a command.
package enum OptionNaming: Sendable {
    case parameters, flags

    func text(_ name: String, _ value: String) -> String {
        switch self {
        case .parameters: "\(name)=\(value)"
        case .flags where value.utf8.allSatisfy(\.isPlainInShells): "--\(name) \(value)"
        case .flags: "--\(name) '\(value.replacing("'", with: "'\\''"))'"
        }
    }
}

extension UInt8 {
    fileprivate var isPlainInShells: Bool {
        isDigit || 0x61...0x7A ~= self | 0x20 || ".,_:".utf8.contains(self)
    }
}
