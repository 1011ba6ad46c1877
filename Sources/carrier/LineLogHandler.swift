internal import Foundation
internal import JSON
internal import Logging

/// Writes each event as one line to standard error: for people, or as JSON for machines.
struct LineLogHandler: LogHandler {
    let format: LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(format: LogFormat, level: Logger.Level) {
        self.format = format
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        if let error = event.error { fields["error"] = "\(String(reflecting: error))" }
        let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let sorted = fields.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        LogOutput.standardError.write(line(time, event.level, "\(event.message)", sorted)) {
            count in
            line(time, .warning, "lines of the log were dropped", [("lines", "\(count)")])
        }
    }

    private func line(
        _ time: String, _ level: Logger.Level, _ message: String, _ fields: [(String, String)]
    ) -> [UInt8] {
        var line =
            switch format {
            case .text: Self.text(time, level, message, fields)
            case .json: Self.json(time, level, message, fields)
            }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func text(
        _ time: String, _ level: Logger.Level, _ message: String, _ fields: [(String, String)]
    ) -> [UInt8] {
        let level = "\(level)".padding(toLength: 8, withPad: " ", startingAt: 0)
        let pairs = fields.map { " \($0)=\(quoted($1))" }.joined()
        return Array("\(time) \(level) \(message)\(pairs)".utf8)
    }

    /// The value, in quotes where it has blanks or line breaks, so that each value and each line has a
    /// clear end.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
        if isPlain, !value.isEmpty { return value }
        return String(decoding: JSONValue.string(value).text, as: UTF8.self)
    }

    private static func json(
        _ time: String, _ level: Logger.Level, _ message: String, _ fields: [(String, String)]
    ) -> [UInt8] {
        let head = [("time", time), ("level", "\(level)"), ("message", message)]
        return JSONValue.object((head + fields).map { ($0, .string($1)) }).text
    }
}

enum LogFormat: String, CaseIterable {
    case text
    case json
}
