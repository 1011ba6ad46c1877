import Dispatch

/// A place in work that blocks its thread, where the work stops until a test lets it go on.
final class Pause: Sendable {
    private let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    private let isOver = DispatchSemaphore(value: 0)

    /// Called by the work.
    func reach() {
        arrival.yield()
        isOver.wait()
    }

    /// Returns once the work is there.
    func isReached() async {
        for await _ in arrivals { return }
    }

    func end() { isOver.signal() }
}
