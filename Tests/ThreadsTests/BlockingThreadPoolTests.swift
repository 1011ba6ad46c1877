import Dispatch
import Testing
import Threads

@Suite struct BlockingThreadPoolTests {
    @Test func refusesWorkIfTheQueueIsFull() async throws {
        let threads = BlockingThreadPool(count: 1, mostWaiting: 2)
        let work = Gate()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        try await threads.run { work.wait() }
                        return true
                    } catch {
                        #expect(error is BlockingThreadPool.Busy)
                        return false
                    }
                }
            }
            // The first seven results are refusals, because accepted work ends after `open()`.
            for _ in 0..<7 { #expect(await group.next() == false) }
            work.open()
            for await isDone in group { #expect(isDone) }
        }
        #expect(try await threads.run { 1 } == 1)
    }

    @Test func refusesLateWork() async throws {
        let threads = BlockingThreadPool(count: 1, mostWaiting: 1)
        let past = ContinuousClock.now
        await #expect(throws: BlockingThreadPool.Busy.self) {
            try await threads.run(before: past) { Issue.record("This comes too late.") }
        }
        #expect(try await threads.run(before: .now + .seconds(60)) { 1 } == 1)
    }

    @Test func runsAcceptedWorkOfACancelledTask() async throws {
        let threads = BlockingThreadPool(count: 1, mostWaiting: 1)
        let work = Gate()
        let (beginnings, beginning) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await threads.run {
                beginning.yield()
                work.wait()
                return 1
            }
        }
        for await _ in beginnings { break }
        task.cancel()
        work.open()
        #expect(try await task.value == 1)
    }
}

private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() {
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}
