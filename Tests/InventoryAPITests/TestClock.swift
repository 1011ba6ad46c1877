import Foundation
import Synchronization

/// A time that passes when it is told to.
final class TestClock: Sendable {
    private let time = Mutex(Date.now)

    var now: @Sendable () -> Date {
        { self.time.withLock { $0 } }
    }

    func advance(by seconds: TimeInterval) {
        time.withLock { $0 += seconds }
    }
}
