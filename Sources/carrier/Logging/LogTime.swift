internal import Foundation

/// RFC 3339 in UTC. Foundation's formatters take longer than writing the rest of a request's line.
struct LogTime {
    private let seconds: Int
    private let milliseconds: Int

    static var now: LogTime {
        let time = Date.now.timeIntervalSince1970
        let seconds = time.rounded(.down)
        return LogTime(seconds: Int(seconds), milliseconds: Int((time - seconds) * 1000))
    }

    init(seconds: Int, milliseconds: Int) {
        self.seconds = seconds
        self.milliseconds = milliseconds
    }

    /// Such as `2026-11-24T09:05:03.042Z`.
    func write(to line: inout [UInt8]) {
        var time = time_t(seconds)
        var date = tm()
        gmtime_r(&time, &date)
        line.append(Int(date.tm_year) + 1900, digits: 4)
        line.append(UInt8(ascii: "-"))
        line.append(Int(date.tm_mon) + 1, digits: 2)
        line.append(UInt8(ascii: "-"))
        line.append(Int(date.tm_mday), digits: 2)
        line.append(UInt8(ascii: "T"))
        line.append(Int(date.tm_hour), digits: 2)
        line.append(UInt8(ascii: ":"))
        line.append(Int(date.tm_min), digits: 2)
        line.append(UInt8(ascii: ":"))
        line.append(Int(date.tm_sec), digits: 2)
        line.append(UInt8(ascii: "."))
        line.append(milliseconds, digits: 3)
        line.append(UInt8(ascii: "Z"))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: Int, digits: Int) {
        var place = 1
        for _ in 1..<digits { place *= 10 }
        while place > 0 {
            append(UInt8(ascii: "0") + UInt8(number / place % 10))
            place /= 10
        }
    }
}
