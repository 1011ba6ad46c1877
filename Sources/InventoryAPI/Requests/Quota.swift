internal import Synchronization

/// A bounded resource that requests share.
final class Quota: Sendable {
    private let free: Mutex<Int>

    init(_ size: Int) {
        free = Mutex(size)
    }

    func reserve(_ size: Int) -> Bool {
        free.withLock { free in
            guard free >= size else { return false }
            free -= size
            return true
        }
    }

    func release(_ size: Int) {
        free.withLock { $0 += size }
    }
}

extension Duration {
    /// Waits until `condition` holds. Returns false if it does not hold within this time.
    func wait(until condition: () -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + self
        while !condition() {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
