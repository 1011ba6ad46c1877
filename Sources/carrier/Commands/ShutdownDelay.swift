internal import ServiceLifecycle
internal import Synchronization

/// The time after SIGTERM in which the program still takes requests, while `/readyz` tells clients and
/// proxies to send theirs elsewhere.
final class ShutdownDelay: Service {
    private let duration: Duration
    private let hasBegun = Atomic(false)

    init(duration: Duration) {
        self.duration = duration
    }

    var isUnderWay: Bool { hasBegun.load(ordering: .relaxed) }

    func run() async throws {
        try await gracefulShutdown()
        hasBegun.store(true, ordering: .relaxed)
        // The services that were started before this one are asked to end once it has ended.
        try await Task.sleep(for: duration)
    }
}
