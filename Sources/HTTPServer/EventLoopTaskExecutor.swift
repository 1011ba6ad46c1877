internal import NIOCore
internal import Synchronization

/// Runs a connection's tasks on the event loop of its socket.
///
/// Waking one of Swift's threads and then the loop takes longer than a request. So no task of a
/// request may block: work that waits for a disk, a lock or a hash runs in a
/// `BlockingThreadPool`. See docs/decisions/0011-every-request-has-bounds.md.
final class EventLoopTaskExecutor: TaskExecutor {
    private static let all = Mutex<[ObjectIdentifier: EventLoopTaskExecutor]>([:])

    private let loop: any EventLoop

    private init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// The executor of a loop; the loops last as long as the program.
    static func of(_ loop: any EventLoop) -> EventLoopTaskExecutor {
        all.withLock { all in
            if let executor = all[ObjectIdentifier(loop)] { return executor }
            let executor = EventLoopTaskExecutor(loop)
            all[ObjectIdentifier(loop)] = executor
            return executor
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
