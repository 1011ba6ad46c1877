internal import ServiceLifecycle
internal import Synchronization

/// The time between the wish that the program ends and its taking no requests any more, in which
/// others learn from `/readyz` to send theirs elsewhere.
final class Drain: Service {
    private let duration: Duration
    private let hasBegun = Atomic(false)

    init(duration: Duration) {
        self.duration = duration
    }

    var isUnderWay: Bool { hasBegun.load(ordering: .relaxed) }

    func run() async throws {
        try await gracefulShutdown()
        hasBegun.store(true, ordering: .relaxed)
        // What ends next is asked to once this has.
        try await Task.sleep(for: duration)
    }
}
