internal import Foundation
internal import Synchronization

/// The current time as HTTP writes it, such as `Tue, 24 Nov 2026 09:05:03 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let last = Mutex((seconds: time_t(0), text: ""))

    /// The text is formatted at most once a second.
    static var now: String {
        var seconds = time(nil)
        return last.withLock { last in
            if last.seconds != seconds {
                var date = tm()
                gmtime_r(&seconds, &date)
                let text = String(unsafeUninitializedCapacity: 32) { buffer in
                    buffer.withMemoryRebound(to: CChar.self) { buffer in
                        let format = "%a, %d %b %Y %H:%M:%S GMT"
                        return strftime(buffer.baseAddress, buffer.count, format, &date)
                    }
                }
                last = (seconds, text)
            }
            return last.text
        }
    }
}
