internal import Foundation

/// A time in RFC 3339 and UTC. Foundation's formatters take longer than the rest of a log line.
struct LogTime {
    let seconds: Int
    let milliseconds: Int

    static var now: LogTime {
        let time = Date.now.timeIntervalSince1970
        let seconds = time.rounded(.down)
        return LogTime(seconds: Int(seconds), milliseconds: Int((time - seconds) * 1000))
    }

    /// Writes a text such as `2026-11-24T09:05:03.042Z`.
    func write(to line: inout [UInt8]) {
        var time = time_t(seconds)
        var date = tm()
        gmtime_r(&time, &date)
        let text = String(unsafeUninitializedCapacity: 32) { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                strftime($0.baseAddress, $0.count, "%Y-%m-%dT%H:%M:%S", &date)
            }
        }
        line += text.utf8
        line += ".\(String(1000 + milliseconds).dropFirst())Z".utf8
    }
}
