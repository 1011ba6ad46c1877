import Foundation
import Inventory
import Testing

@testable import InventoryAPI

/// A guesser waits, and the user signs in.
@Suite struct SignInThrottleTests {
    private let owner = Username(stored: "supervisor")
    private let begin = Date(timeIntervalSince1970: 1_700_000_000)

    private func address(_ text: String) throws -> ClientAddress {
        try #require(ClientAddress(text))
    }

    /// Guesses for some seconds, as often as allowed, and returns the number of guesses.
    private func guess(_ throttle: SignInThrottle, from address: ClientAddress, seconds: Int) async
        -> Int
    {
        var tries = 0
        var next = begin
        while next < begin.addingTimeInterval(TimeInterval(seconds)) {
            if let wait = await throttle.begin(owner, address, at: next) {
                next += max(wait, 0.2)
            } else {
                await throttle.failed(owner, address, at: next)
                tries += 1
                next += 0.2
            }
        }
        return tries
    }

    @Test(arguments: ["198.51.100.7", "2001:db8::7"])
    func guessesFromOneAddressDelayNoOtherAddress(own: String) async throws {
        let throttle = SignInThrottle()
        let tries = await guess(throttle, from: try address("203.0.113.9"), seconds: 420)
        #expect(tries < 20)
        for minute in 0..<8 {
            let now = begin.addingTimeInterval(TimeInterval(minute) * 60)
            let home = try address(own)
            #expect(await throttle.begin(owner, home, at: now) == nil)
            await throttle.succeeded(owner, home, at: now)
        }
    }

    @Test func guessesForHoursDelayNoOtherAddress() async throws {
        let throttle = SignInThrottle()
        let tries = await guess(throttle, from: try address("203.0.113.9"), seconds: 4 * 3600)
        #expect(tries > 200)
        var now = begin.addingTimeInterval(4 * 3600)
        let elsewhere = try address("198.51.100.7")
        #expect(await throttle.begin(owner, elsewhere, at: now) == nil)
        await throttle.succeeded(owner, elsewhere, at: now)
        // Each entry expires before its address fails again.
        for number in 0..<600 {
            let guesser = try address("192.0.2.\(number % 40)")
            #expect(await throttle.begin(owner, guesser, at: now) == nil)
            await throttle.failed(owner, guesser, at: now)
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
            let guesser = try address("203.0.\(number / 4).\(number % 4)")
            if await throttle.begin(owner, guesser, at: begin) == nil {
                await throttle.failed(owner, guesser, at: begin)
                tries += 1
            }
        }
        #expect(tries == 101)
        // The owner waits too at a new address, which could be a guesser's.
        let elsewhere = await throttle.begin(owner, try address("198.51.100.8"), at: begin)
        #expect(elsewhere == 1)
        #expect(await throttle.begin(owner, home, at: begin) == nil)
    }

    @Test func oneAddressCannotTryManyNames() async throws {
        let throttle = SignInThrottle()
        let guesser = try address("203.0.113.9")
        var tries = 0
        for number in 0..<100 {
            let name = Username(stored: "user\(number)")
            if await throttle.begin(name, guesser, at: begin) == nil {
                await throttle.failed(name, guesser, at: begin)
                tries += 1
            }
        }
        #expect(tries == 41)
    }

    /// A delay starts when the last attempt ends, and a success undoes one failure.
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
