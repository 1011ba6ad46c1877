import Foundation
import Inventory
import Testing

@testable import InventoryAPI

/// A client that guesses passwords waits, and the owner signs in.
@Suite struct SignInThrottleTests {
    private let owner = Username(stored: "supervisor")
    private let begin = Date(timeIntervalSince1970: 1_700_000_000)

    private func address(_ text: String) throws -> ClientAddress {
        try #require(ClientAddress(text))
    }

    /// Guesses a wrong password, or returns how long the guesser must wait first.
    private func guess(
        _ throttle: SignInThrottle, for name: Username? = nil, from text: String,
        at now: Date? = nil
    ) async throws -> TimeInterval? {
        let (name, now, address) = (name ?? owner, now ?? begin, try address(text))
        if let wait = await throttle.begin(name, address, at: now) { return wait }
        await throttle.failed(name, address, at: now)
        return nil
    }

    /// Guesses from one address as often as possible in `seconds`, and returns how often.
    private func guess(_ throttle: SignInThrottle, seconds: Double) async throws -> Int {
        var (count, time) = (0, 0.0)
        while time < seconds {
            let wait = try await guess(throttle, from: "203.0.113.9", at: begin + time)
            if wait == nil { count += 1 }
            time += max(wait ?? 0, 0.2)
        }
        return count
    }

    @Test(arguments: ["198.51.100.7", "2001:db8::7"])
    func guessesFromOneAddressDelayNoOtherAddress(own: String) async throws {
        let throttle = SignInThrottle()
        #expect(try await guess(throttle, seconds: 420) < 20)
        for minute in 0..<8 {
            let now = begin.addingTimeInterval(TimeInterval(minute) * 60)
            let home = try address(own)
            #expect(await throttle.begin(owner, home, at: now) == nil)
            await throttle.succeeded(owner, home, at: now)
        }
    }

    @Test func guessesForHoursDelayNoOtherAddress() async throws {
        let throttle = SignInThrottle()
        #expect(try await guess(throttle, seconds: 4 * 3600) > 200)
        var now = begin.addingTimeInterval(4 * 3600)
        let elsewhere = try address("198.51.100.7")
        #expect(await throttle.begin(owner, elsewhere, at: now) == nil)
        await throttle.succeeded(owner, elsewhere, at: now)
        // The failures of an address expire before it fails again.
        for number in 0..<600 {
            #expect(try await guess(throttle, from: "192.0.2.\(number % 40)", at: now) == nil)
            now += 24
        }
        #expect(await throttle.begin(owner, try address("198.51.100.8"), at: now) == nil)
    }

    @Test func guessesFromManyAddressesDelayAllButTheKnownAddress() async throws {
        let throttle = SignInThrottle()
        let home = try address("198.51.100.7")
        #expect(await throttle.begin(owner, home, at: begin) == nil)
        await throttle.succeeded(owner, home, at: begin)
        var tries = 0
        for number in 0..<250 {
            let address = "203.0.\(number / 4).\(number % 4)"
            if try await guess(throttle, from: address) == nil { tries += 1 }
        }
        #expect(tries == 101)
        // At a new address, the owner waits too, because it could be a guesser's.
        let elsewhere = await throttle.begin(owner, try address("198.51.100.8"), at: begin)
        #expect(elsewhere == 1)
        #expect(await throttle.begin(owner, home, at: begin) == nil)
    }

    @Test func oneAddressCannotTryManyNames() async throws {
        let throttle = SignInThrottle()
        var tries = 0
        for number in 0..<100 {
            let name = Username(stored: "user\(number)")
            if try await guess(throttle, for: name, from: "203.0.113.9") == nil { tries += 1 }
        }
        #expect(tries == 41)
    }

    /// A delay starts when the last attempt ends, and failures are forgotten with time.
    @Test func delaysGrowAndFade() {
        var attempts = FailedAttempts<String>(
            free: 2, longestDelay: 100, memory: 900, fading: 60, capacity: 10)
        for _ in 0..<5 { attempts.add("ana", at: begin) }
        #expect(attempts.wait(for: "ana", at: begin) == 4)
        attempts.restartDelay(for: "ana", at: begin + 1.5)
        #expect(attempts.wait(for: "ana", at: begin + 1.5) == 4)
        attempts.removeFailure(of: "ana")
        #expect(attempts.wait(for: "ana", at: begin + 1.5) == 2)
        attempts.add("ana", at: begin)
        // Each minute one failure fades, while others are added.
        for minute in 1...4 { attempts.add("ana", at: begin + Double(minute) * 60) }
        #expect(attempts.wait(for: "ana", at: begin + 240) == 4)
        #expect(attempts.wait(for: "ana", at: begin + 240 + 180) == 0)
        attempts.restartDelay(for: "nobody", at: begin)
        attempts.removeFailure(of: "nobody")
        #expect(attempts.entries.count == 1)
    }

    @Test func memoryIsBoundedAndKeepsFrequentFailures() {
        var attempts = FailedAttempts<String>(
            free: 2, longestDelay: 10, memory: 900, capacity: 100)
        for _ in 0..<5 { attempts.add("ana", at: begin) }
        for number in 0..<10_000 {
            attempts.add("somebody \(number)", at: begin)
            #expect(attempts.entries.count <= 100)
        }
        #expect(attempts.wait(for: "ana", at: begin) == 4)
        attempts.add("ana", at: begin + 901)
        #expect(attempts.wait(for: "ana", at: begin + 901) == 0)
    }
}
