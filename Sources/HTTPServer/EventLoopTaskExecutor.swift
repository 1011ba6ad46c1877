internal import NIOCore

/// Runs a connection's tasks on the event loop of its socket.
///
/// Waking one of Swift's threads and then the loop takes longer than a request. So no task of a
/// request may block: work that waits for a disk, a lock or a hash runs in a
/// `BlockingThreadPool`. See docs/decisions/0011-every-request-has-bounds.md.
final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
