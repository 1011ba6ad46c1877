internal import ArgumentParser
internal import NumberFiles

extension FileFormat: ExpressibleByArgument {
    /// What a file's name says that is in it: CSV where it says nothing.
    init(fileName: String) {
        switch fileName.lowercased().split(separator: ".").last {
        case "ndjson", "jsonl": self = .ndjson
        case "json": self = .json
        default: self = .csv
        }
    }
}

extension CSVStyle.Separator: ExpressibleByArgument {}
extension CSVStyle.DecimalSeparator: ExpressibleByArgument {}
