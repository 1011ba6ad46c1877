internal import NIOCore

/// Runs a connection's tasks on its event loop, because waking another thread and then the loop
/// takes longer than handling a request. Work that blocks (a disk, a lock, a hash) must run in a
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
