internal import Inventory
internal import JSON
internal import Logging

enum LogFormat: String, CaseIterable {
    case text
    case json
}

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
        // The event's own fields override the fields that all events have.
        var fields = event.metadata ?? [:]
        if let provided = metadataProvider?.get() { fields.merge(provided) { own, _ in own } }
        fields.merge(metadata) { own, _ in own }
        if let error = event.error { fields["error"] = "\(String(reflecting: error))" }
        let line = LogLine(level: event.level, message: "\(event.message)", metadata: fields)
        LogOutput.standardError.write(line.bytes(format)) { count in
            LogLine(
                time: line.time, level: .warning, message: "lines of the log were dropped",
                metadata: ["lines": .stringConvertible(count)]
            ).bytes(format)
        }
    }
}

private struct LogLine {
    var time = LogTime.now
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata

    func bytes(_ format: LogFormat) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch format {
        case .text: writeText(to: &line)
        case .json: writeJSON(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func writeText(to line: inout [UInt8]) {
        time.write(to: &line)
        line.append(UInt8(ascii: " "))
        line += level.rawValue.utf8
        line += repeatElement(UInt8(ascii: " "), count: max(0, 8 - level.rawValue.utf8.count) + 1)
        line += message.showingInvisibles().utf8
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let text = value.text
            line.append(UInt8(ascii: " "))
            line += name.utf8
            line.append(UInt8(ascii: "="))
            // Blanks, quotes and invisible characters need quotes around the value.
            if !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 }) {
                line += text.utf8
            } else {
                writeQuoted(text, to: &line)
            }
        }
    }

    private func writeJSON(to line: inout [UInt8]) {
        line += #"{"time":""#.utf8
        time.write(to: &line)
        line += #"","level":""#.utf8
        line += level.rawValue.utf8
        line += #"","message":"#.utf8
        writeQuoted(message, to: &line)
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line.append(UInt8(ascii: ","))
            JSONValue.string(name).write(to: &line)
            line.append(UInt8(ascii: ":"))
            if value.isNumber {
                line += value.text.utf8
            } else {
                writeQuoted(value.text, to: &line)
            }
        }
        line.append(UInt8(ascii: "}"))
    }

    private func writeQuoted(_ text: String, to line: inout [UInt8]) {
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

    fileprivate var isNumber: Bool {
        guard case .stringConvertible(let value) = self else { return false }
        return value is Int || value is Int64 || (value as? Double)?.isFinite ?? false
    }
}
