import Dispatch
import Testing
import Threads

@Suite struct WorkThreadsTests {
    @Test func refusesWhatTheQueueHasNoRoomFor() async throws {
        let threads = WorkThreads(count: 1, mostWaiting: 2)
        let work = Gate()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        try await threads.run { work.wait() }
                        return true
                    } catch {
                        #expect(error is WorkThreads.Busy)
                        return false
                    }
                }
            }
            // Those that are in are not done before all others know that they are not.
            for _ in 0..<7 { #expect(await group.next() == false) }
            work.open()
            for await isDone in group { #expect(isDone) }
        }
        #expect(try await threads.run { 1 } == 1)
    }

    @Test func doesNothingThatIsLate() async throws {
        let threads = WorkThreads(count: 1, mostWaiting: 1)
        let work = Gate()
        let first = Task { try await threads.run { work.wait() } }
        try await Task.sleep(for: .milliseconds(50))
        let second = Task {
            try await threads.run(before: .now + .milliseconds(50)) {
                Issue.record("This comes too late.")
            }
        }
        try await Task.sleep(for: .milliseconds(100))
        work.open()
        try await first.value
        await #expect(throws: WorkThreads.Busy.self) { try await second.value }
    }

    @Test func doesWhatItHasTakenAlsoForACancelledTask() async throws {
        let threads = WorkThreads(count: 1, mostWaiting: 1)
        let work = Gate()
        let task = Task {
            try await threads.run {
                work.wait(); return 1
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        work.open()
        #expect(try await task.value == 1)
    }
}

/// Keeps threads until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() {
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}
