internal import Inventory
internal import JSON
internal import Logging

enum LogFormat: String, CaseIterable {
    case text
    case json
}

/// Writes each event as one line to standard error.
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
        // The event's own fields override those of all events.
        var fields = event.metadata ?? [:]
        if let provided = metadataProvider?.get() { fields.merge(provided) { own, _ in own } }
        fields.merge(metadata) { own, _ in own }
        if let error = event.error { fields["error"] = "\(String(reflecting: error))" }
        LogOutput.standardError.write(line(time, event.level, "\(event.message)", fields)) {
            count in
            line(
                time, .warning, "lines of the log were dropped",
                ["lines": .stringConvertible(count)])
        }
    }

    private func line(
        _ time: LogTime, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata
    ) -> [UInt8] {
        let fields = metadata.sorted { $0.key < $1.key }
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
        _ time: LogTime, _ level: Logger.Level, _ message: String,
        _ fields: [Logger.Metadata.Element], to line: inout [UInt8]
    ) {
        time.write(to: &line)
        line.append(UInt8(ascii: " "))
        line += level.rawValue.utf8
        line += repeatElement(UInt8(ascii: " "), count: max(0, 8 - level.rawValue.utf8.count) + 1)
        line += message.showingInvisibles().utf8
        for (name, value) in fields {
            let text = value.text
            line.append(UInt8(ascii: " "))
            line += name.utf8
            line.append(UInt8(ascii: "="))
            // Blanks, quotes and invisible characters need quotes around the value.
            if !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 }) {
                line += text.utf8
            } else {
                write(text, to: &line)
            }
        }
    }

    private static func json(
        _ time: LogTime, _ level: Logger.Level, _ message: String,
        _ fields: [Logger.Metadata.Element], to line: inout [UInt8]
    ) {
        line += #"{"time":""#.utf8
        time.write(to: &line)
        line += #"","level":""#.utf8
        line += level.rawValue.utf8
        line += #"","message":"#.utf8
        write(message, to: &line)
        for (name, value) in fields {
            line.append(UInt8(ascii: ","))
            JSONValue.string(name).write(to: &line)
            line.append(UInt8(ascii: ":"))
            if value.isNumber {
                line += value.text.utf8
            } else {
                write(value.text, to: &line)
            }
        }
        line.append(UInt8(ascii: "}"))
    }

    /// Appends a text in quotes.
    private static func write(_ text: String, to line: inout [UInt8]) {
        JSONValue.write(text.showingInvisibles(keepsLineBreaks: true), to: &line)
    }
}

extension Logger.MetadataValue {
    /// The value as text, for most values without the cost of interpolation.
    fileprivate var text: String {
        switch self {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array, .dictionary: "\(self)"
        }
    }

    /// Whether it is a number in JSON.
    fileprivate var isNumber: Bool {
        guard case .stringConvertible(let value) = self else { return false }
        return value is Int || value is Int64 || (value as? Double)?.isFinite ?? false
    }
}
