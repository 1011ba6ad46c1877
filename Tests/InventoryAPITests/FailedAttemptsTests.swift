import Foundation
import Testing

@testable import InventoryAPI

@Suite struct FailedAttemptsTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func log(capacity: Int = 100) -> FailedAttempts<String> {
        FailedAttempts(free: 2, longestDelay: 10, memory: 900, capacity: capacity)
    }

    @Test func forgetsInTime() {
        var log = log()
        for _ in 0..<5 { log.add("ana", at: start) }
        #expect(log.wait(for: "ana", at: start) == 4)
        log.add("ana", at: start.addingTimeInterval(901))
        #expect(log.wait(for: "ana", at: start.addingTimeInterval(901)) == 0)
    }

    @Test func delaysFromTheEndOfTheLastAttempt() {
        var log = log()
        for _ in 0..<4 { log.add("ana", at: start) }
        let end = start.addingTimeInterval(1.5)
        log.restartDelay(for: "ana", at: end)
        #expect(log.wait(for: "ana", at: end) == 2)
        log.restartDelay(for: "nobody", at: end)
        #expect(log.entries.count == 1)
    }

    @Test func forgetsOneAfterTheOtherWhateverComesMeanwhile() {
        var log = FailedAttempts<String>(
            free: 2, longestDelay: 100, memory: 900, fading: 60, capacity: 10)
        for _ in 0..<5 { log.add("ana", at: start) }
        #expect(log.wait(for: "ana", at: start) == 4)
        for minute in 1...4 { log.add("ana", at: start.addingTimeInterval(Double(minute) * 60)) }
        let later = start.addingTimeInterval(240)
        #expect(log.wait(for: "ana", at: later) == 4)
        #expect(log.wait(for: "ana", at: later.addingTimeInterval(180)) == 0)
    }

    @Test func takesBackOne() {
        var log = log()
        for _ in 0..<4 { log.add("ana", at: start) }
        log.removeFailure(of: "ana")
        #expect(log.wait(for: "ana", at: start) == 1)
        log.removeFailure(of: "nobody")
        #expect(log.entries.count == 1)
    }

    @Test func staysSmallAndRemembersWhoFailedOften() {
        var log = log(capacity: 100)
        for _ in 0..<5 { log.add("ana", at: start) }
        for number in 0..<10_000 {
            log.add("somebody \(number)", at: start)
            #expect(log.entries.count <= 100)
        }
        #expect(log.wait(for: "ana", at: start) == 4)
    }
}
