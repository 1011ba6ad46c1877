internal import Foundation
internal import Synchronization

/// A time as HTTP writes it, such as `Tue, 24 Nov 2026 09:05:03 GMT` (RFC 9110 §5.6.7).
struct HTTPDate: Sendable {
    private static let last = Mutex(HTTPDate(seconds: 0))

    private let seconds: time_t
    let text: String

    /// Formatted at most once a second.
    static var now: HTTPDate {
        let seconds = time(nil)
        return last.withLock { last in
            if last.seconds != seconds { last = HTTPDate(seconds: seconds) }
            return last
        }
    }

    /// - Parameter seconds: Since 1970.
    init(seconds: time_t) {
        self.seconds = seconds
        var seconds = seconds
        var date = tm()
        gmtime_r(&seconds, &date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        text =
            "\(days[Int(date.tm_wday)]), \(two(date.tm_mday)) \(months[Int(date.tm_mon)]) "
            + "\(date.tm_year + 1900) "
            + "\(two(date.tm_hour)):\(two(date.tm_min)):\(two(date.tm_sec)) GMT"
    }
}
