import Dispatch
import Foundation
import Synchronization
import Testing
import Threads

@Suite struct RendezvousChannelTests {
    private struct Broken: Error {}

    private func giving(
        to handover: RendezvousChannel<Int>,
        _ body: @escaping @Sendable (RendezvousChannel<Int>) throws -> Void
    ) {
        Thread.detachNewThread {
            do {
                try body(handover)
                handover.finish()
            } catch {
                handover.finish(throwing: error)
            }
        }
    }

    @Test func allArriveInTheirOrder() async throws {
        let handover = RendezvousChannel<Int>()
        giving(to: handover) { handover in
            for number in 0..<10_000 { try handover.give(number, before: .now + .seconds(30)) }
        }
        var next = 0
        while let number = try await handover.next() {
            #expect(number == next)
            next += 1
        }
        #expect(next == 10_000)
        #expect(try await handover.next() == nil)
    }

    @Test func anErrorComesAfterWhatWasGivenBefore() async throws {
        let handover = RendezvousChannel<Int>()
        giving(to: handover) { handover in
            try handover.give(1, before: .now + .seconds(30))
            throw Broken()
        }
        #expect(try await handover.next() == 1)
        await #expect(throws: Broken.self) { _ = try await handover.next() }
    }

    @Test func whoGivesIsHeldBack() async throws {
        let handover = RendezvousChannel<Int>()
        let given = Mutex(0)
        giving(to: handover) { handover in
            for number in 0..<100 {
                try handover.give(number, before: .now + .seconds(30))
                given.withLock { $0 += 1 }
            }
        }
        #expect(try await handover.next() == 0)
        try await Task.sleep(for: .milliseconds(200))
        #expect(given.withLock { $0 } <= 2)
        handover.abandon()
    }

    @Test func givingEndsWhereNobodyTakes() async throws {
        let handover = RendezvousChannel<Int>()
        let error = Mutex<(any Error)?>(nil)
        let ended = DispatchSemaphore(value: 0)
        for deadline in [0.1, 30.0] {
            Thread.detachNewThread {
                do {
                    for number in 0..<3 {
                        try handover.give(number, before: .now + .seconds(deadline))
                    }
                } catch let thrown {
                    error.withLock { $0 = thrown }
                }
                ended.signal()
            }
            if deadline == 30 { handover.abandon() }
            while ended.wait(timeout: .now()) != .success {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(error.withLock { $0 } is RendezvousChannel<Int>.Abandoned)
            error.withLock { $0 = nil }
        }
    }
}
