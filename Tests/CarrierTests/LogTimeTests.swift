@testable import carrier
import Foundation
import Testing

@Suite struct LogTimeTests {
    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_399, 7, "2000-02-28T23:59:59.007Z"),
        (951_868_800, 42, "2000-03-01T00:00:00.042Z"),
        (1_795_000_000, 999, "2026-11-18T11:06:40.999Z"),
    ])
    func isWrittenInRFC3339Format(seconds: Int, milliseconds: Int, text: String) {
        var line: [UInt8] = []
        LogTime(seconds: seconds, milliseconds: milliseconds).write(to: &line)
        #expect(String(decoding: line, as: UTF8.self) == text)
    }

    @Test func nowIsTheCurrentTime() throws {
        var line: [UInt8] = []
        LogTime.now.write(to: &line)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let time = try style.parse(String(decoding: line, as: UTF8.self))
        #expect(abs(time.timeIntervalSinceNow) < 5)
    }
}
