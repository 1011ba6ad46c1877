internal import Inventory
internal import JSON
internal import Logging

/// Writes each event as one line to standard error: for people, or as JSON for machines.
struct LineLogHandler: LogHandler {
    let format: LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = LogTime.now
        let fields = fields(of: event)
        LogOutput.standardError.write(line(time, event.level, "\(event.message)", fields)) {
            count in
            line(
                time, .warning, "lines of the log were dropped",
                [LogField(name: "lines", value: .stringConvertible(count))])
        }
    }

    /// What is told beside the message, by name; what the event says itself comes before what all
    /// events say.
    private func fields(of event: LogEvent) -> [LogField] {
        var all = event.metadata ?? [:]
        if let provided = metadataProvider?.get() { all.merge(provided) { own, _ in own } }
        all.merge(metadata) { own, _ in own }
        if let error = event.error { all["error"] = "\(String(reflecting: error))" }
        return all.map(LogField.init).sorted { $0.name < $1.name }
    }

    private func line(
        _ time: LogTime, _ level: Logger.Level, _ message: String, _ fields: [LogField]
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch format {
        case .text: Self.text(time, level, message, fields, to: &line)
        case .json: Self.json(time, level, message, fields, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func text(
        _ time: LogTime, _ level: Logger.Level, _ message: String, _ fields: [LogField],
        to line: inout [UInt8]
    ) {
        time.write(to: &line)
        line.append(UInt8(ascii: " "))
        line += level.rawValue.utf8
        line += repeatElement(UInt8(ascii: " "), count: max(0, 8 - level.rawValue.utf8.count) + 1)
        line += message.showingInvisibles().utf8
        for field in fields {
            let value = field.text
            line.append(UInt8(ascii: " "))
            line += field.name.utf8
            line.append(UInt8(ascii: "="))
            // A value that would be mistaken for more than one, or hide where a line ends, in quotes.
            let isPlain = value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
            if isPlain, !value.isEmpty {
                line += value.utf8
            } else {
                write(value, to: &line)
            }
        }
    }

    private static func json(
        _ time: LogTime, _ level: Logger.Level, _ message: String, _ fields: [LogField],
        to line: inout [UInt8]
    ) {
        line += #"{"time":""#.utf8
        time.write(to: &line)
        line += #"","level":""#.utf8
        line += level.rawValue.utf8
        line += #"","message":"#.utf8
        write(message, to: &line)
        for field in fields {
            line.append(UInt8(ascii: ","))
            JSONValue.string(field.name).write(to: &line)
            line.append(UInt8(ascii: ":"))
            if field.isNumber {
                line += field.text.utf8
            } else {
                write(field.text, to: &line)
            }
        }
        line.append(UInt8(ascii: "}"))
    }

    /// Appends a text in quotes.
    private static func write(_ text: String, to line: inout [UInt8]) {
        JSONValue.write(text.showingInvisibles(keepsLineBreaks: true), to: &line)
    }
}

/// What a line tells beside its message.
private struct LogField {
    let name: String
    let value: Logger.MetadataValue

    /// Without what interpolation costs, for what most values are.
    var text: String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array, .dictionary: "\(value)"
        }
    }

    /// Whether JSON has the value as a number.
    var isNumber: Bool {
        guard case .stringConvertible(let value) = value else { return false }
        return value is Int || value is Int64 || (value as? Double)?.isFinite ?? false
    }
}

enum LogFormat: String, CaseIterable {
    case text
    case json
}
