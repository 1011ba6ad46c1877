import Dispatch
import Foundation
import Synchronization
import Testing
import Threads

@Suite struct RendezvousChannelTests {
    private struct Broken: Error {}

    private func giving(
        to channel: RendezvousChannel<Int>,
        _ body: @escaping @Sendable (RendezvousChannel<Int>) throws -> Void
    ) {
        Thread.detachNewThread {
            do {
                try body(channel)
                channel.finish()
            } catch {
                channel.finish(throwing: error)
            }
        }
    }

    @Test func elementsArriveInTheirOrder() async throws {
        let channel = RendezvousChannel<Int>()
        giving(to: channel) { channel in
            for number in 0..<10_000 { try channel.give(number, before: .now + .seconds(30)) }
        }
        var next = 0
        while let number = try await channel.next() {
            #expect(number == next)
            next += 1
        }
        #expect(next == 10_000)
        #expect(try await channel.next() == nil)
    }

    @Test func errorFollowsTheElements() async throws {
        let channel = RendezvousChannel<Int>()
        giving(to: channel) { channel in
            try channel.give(1, before: .now + .seconds(30))
            throw Broken()
        }
        #expect(try await channel.next() == 1)
        await #expect(throws: Broken.self) { _ = try await channel.next() }
    }

    @Test func threadWaitsForTheTask() async throws {
        let channel = RendezvousChannel<Int>()
        let given = Mutex(0)
        giving(to: channel) { channel in
            for number in 0..<100 {
                try channel.give(number, before: .now + .seconds(30))
                given.withLock { $0 += 1 }
            }
        }
        #expect(try await channel.next() == 0)
        try await Task.sleep(for: .milliseconds(200))
        #expect(given.withLock { $0 } <= 2)
        channel.abandon()
    }

    @Test func givingFailsIfNothingIsTaken() async throws {
        let channel = RendezvousChannel<Int>()
        let error = Mutex<(any Error)?>(nil)
        let ended = DispatchSemaphore(value: 0)
        for deadline in [0.1, 30.0] {
            Thread.detachNewThread {
                do {
                    for number in 0..<3 {
                        try channel.give(number, before: .now + .seconds(deadline))
                    }
                } catch let thrown {
                    error.withLock { $0 = thrown }
                }
                ended.signal()
            }
            if deadline == 30 { channel.abandon() }
            while ended.wait(timeout: .now()) != .success {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(error.withLock { $0 } is RendezvousChannel<Int>.Abandoned)
            error.withLock { $0 = nil }
        }
    }
}
