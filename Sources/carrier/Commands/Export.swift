internal import ArgumentParser
internal import Inventory
internal import JSON
internal import NumberFiles
internal import Storage

struct Export: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write all numbers, or those that match, into a file.",
        discussion: """
            carrier import reads the file. In CSV each phone number starts with an apostrophe, because a \
            plus would start a formula in a spreadsheet.
            """)

    @Argument(help: "The file, which is replaced if it exists; - for standard output.")
    var file: String
    @Option(
        help: "csv, ndjson or xlsx; without it the file's name decides.",
        transform: { text in
            guard let format = FileFormat.written.first(where: { $0.rawValue == text }) else {
                throw ValidationError("It must be csv, ndjson or xlsx.")
            }
            return format
        })
    var format: FileFormat?
    @Option(help: "Digits that the number contains.") var query = ""
    @Option(help: "Digits that the number starts with, such as 5584.") var prefix = ""
    @Option(help: "Digits that the number ends with, such as 4321.") var suffix = ""
    @Option(help: "Only numbers priced in this currency.") var currency: String?
    @Option(help: "The lowest monthly price.") var monthyPriceFrom: String?
    @Option(help: "The highest monthly price.") var monthyPriceTo: String?
    @Option(help: "The lowest setup price.") var setupPriceFrom: String?
    @Option(help: "The highest setup price.") var setupPriceTo: String?
    @Option(help: "Columns to sort by, such as --sort=-monthyPrice,value.") var sort: String?
    @Flag(help: "Also write the ids, which are valid in this inventory only.") var ids = false
    @Option(help: "The separator between the cells of CSV: , or ;.")
    var separator = CSVStyle.Separator.comma
    @Option(help: "The decimal separator of prices in CSV: . or ,.")
    var decimal = CSVStyle.DecimalSeparator.point
    @OptionGroup var database: DatabaseOptions

    private var fileFormat: FileFormat { format ?? FileFormat(fileName: file) }
    private var style: CSVStyle? { CSVStyle(separator: separator, decimal: decimal) }

    func validate() throws {
        guard style != nil else { throw ValidationError("--decimal , needs --separator ';'.") }
        guard FileFormat.written.contains(fileFormat) else {
            throw ValidationError(
                "\(file) cannot be written as JSON: --format must be csv, ndjson or xlsx.")
        }
        _ = try numberQuery()
    }

    func run(_ store: any TransferableStore) async throws {
        var writer = NumberWriter(format: fileFormat, style: style ?? .standard, hasIDs: ids)
        let query = try numberQuery()
        let bar = ProgressBar(total: try await store.listNumbers(query).total)
        let output = try OutputFile(file)
        var count = 0
        try output.write(writer.begin())
        try store.exportNumbers(query, firstWithin: nil) { numbers in
            try output.write(writer.write(numbers))
            count += numbers.count
            bar.show(count)
        }
        try output.write(writer.end())
        try output.finish()
        if file != "-" { print("Exported \(count.numbers) to \(file).") }
    }

    private func numberQuery() throws -> NumberQuery {
        let members = [
            ("q", query), ("prefix", prefix), ("suffix", suffix), ("currency", currency),
            ("sort", sort),
            ("monthyPriceFrom", monthyPriceFrom), ("monthyPriceTo", monthyPriceTo),
            ("setupPriceFrom", setupPriceFrom), ("setupPriceTo", setupPriceTo),
        ].compactMap { name, text in text.map { (name: name, value: JSONValue.string($0)) } }
        var reader = ObjectReader(members: members)
        let sortKeys = reader.read("sort", SortKey.list) ?? []
        let query = NumberQuery(sort: sortKeys, filter: NumberFilter(&reader))
        let errors = reader.errors.map {
            "\(Self.flag($0.field ?? "")) \(Self.withFlags($0.detail))."
        }
        guard errors.isEmpty else { throw ValidationError(errors.joined(separator: " ")) }
        return query
    }

    /// Replaces the API's parameter names in a message by the names of the flags.
    private static func withFlags(_ detail: String) -> String {
        detail.replacing("sort=", with: "--sort=").replacing(/[a-z]+[A-Z][A-Za-z]*/) { match in
            let name = String(match.output)
            return NumberFilter.names.contains(name) ? flag(name) : name
        }
    }

    private static func flag(_ name: String) -> String {
        name == "q" ? "--query" : "--" + name.replacing(/[A-Z]/) { "-" + $0.output.lowercased() }
    }
}

extension FileFormat: ExpressibleByArgument {
    init(fileName: String) {
        switch fileName.lowercased().split(separator: ".").last {
        case "ndjson", "jsonl": self = .ndjson
        case "json": self = .json
        case "xlsx": self = .xlsx
        default: self = .csv
        }
    }
}

extension CSVStyle.Separator: ExpressibleByArgument {
    init?(argument: String) {
        guard let separator = Self.written.first(where: { $0.rawValue == argument }) else {
            return nil
        }
        self = separator
    }

    static var allValueStrings: [String] { written.map(\.rawValue) }
}

extension CSVStyle.DecimalSeparator: ExpressibleByArgument {}
