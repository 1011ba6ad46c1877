internal import NIOCore
internal import Synchronization

/// Runs the tasks of connections on the loop that reads from their sockets.
///
/// Swift's own threads would have to be woken for each request, and wake the loop for its answer,
/// which took longer than all that is done in between: docs/performance.md has the figures. In return
/// nothing may block in a task of a request: what waits for a disk, a lock or a hash does that on
/// threads of its own (`WorkThreads`).
final class LoopExecutor: TaskExecutor {
    private static let all = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

    private let loop: any EventLoop

    private init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// The one executor of a loop; loops are as many as there are processors, and last as long as the
    /// program.
    static func of(_ loop: any EventLoop) -> LoopExecutor {
        all.withLock { all in
            if let executor = all[ObjectIdentifier(loop)] { return executor }
            let executor = LoopExecutor(loop)
            all[ObjectIdentifier(loop)] = executor
            return executor
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
