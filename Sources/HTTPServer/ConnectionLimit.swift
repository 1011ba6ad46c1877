internal import Foundation
internal import HummingbirdCore
package import Logging

/// Accepts fewer connections than the process may open file descriptors, because the database needs
/// some too. Further clients wait in the system's queue.
package struct ConnectionLimit: AvailableConnectionsDelegate {
    /// Descriptors for the database, the log and temporary uses.
    private static let reserve = 100
    /// The largest number of connections, which bounds their memory.
    private static let most = 16_384

    private let limit: Int
    private let logger: Logger
    private var count = 0
    private var isFull = false

    package init(logger: Logger) {
        let descriptors = Self.raiseDescriptorLimit()
        limit = min(Self.most, max(descriptors - Self.reserve, descriptors / 2))
        self.logger = logger
    }

    private static func raiseDescriptorLimit() -> Int {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limits) == 0 else { return 1024 }
        var raised = limits
        raised.rlim_cur = min(limits.rlim_max, rlim_t(most + reserve))
        if raised.rlim_cur > limits.rlim_cur, setrlimit(resource, &raised) == 0 { limits = raised }
        return Int(clamping: limits.rlim_cur)
    }

    package mutating func connectionOpened() {
        count += 1
        guard count >= limit, !isFull else { return }
        isFull = true
        logger.warning(
            "the limit of connections is reached",
            metadata: ["connections": .stringConvertible(count)])
    }

    package mutating func connectionClosed() {
        count -= 1
        // Do not log each time that the count crosses the limit.
        guard isFull, count <= limit * 9 / 10 else { return }
        isFull = false
        logger.notice(
            "there is room for connections again",
            metadata: ["connections": .stringConvertible(count)])
    }

    package func isAcceptingNewConnections() -> Bool { count < limit }
}
