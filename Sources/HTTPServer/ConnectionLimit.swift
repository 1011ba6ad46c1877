internal import Foundation
internal import HummingbirdCore
package import Logging

/// How many clients may be connected at once: fewer than there are file descriptors, for at the limit
/// of those nothing works any more, neither a connection nor the database.
///
/// Who comes beyond it waits in the system's queue until somebody leaves.
package struct ConnectionLimit: AvailableConnectionsDelegate {
    /// Descriptors for the database, the log, and what the system lends the program for a moment.
    private static let reserve = 100
    /// More than this are not worth their memory.
    private static let most = 16_384

    private let limit: Int
    private let logger: Logger
    private var count = 0
    private var isFull = false

    /// Raises the limit of descriptors as far as the system allows, and stays below it.
    package init(logger: Logger) {
        self.init(limit: Self.most(descriptors: Self.raiseDescriptorLimit()), logger: logger)
    }

    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    static func most(descriptors: Int) -> Int {
        min(most, max(descriptors - reserve, descriptors / 2))
    }

    /// How many descriptors the program may have.
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
        // Once in a while, not for each connection that comes and goes at the limit.
        guard isFull, count <= limit * 9 / 10 else { return }
        isFull = false
        logger.notice(
            "there is room for connections again",
            metadata: ["connections": .stringConvertible(count)])
    }

    package func isAcceptingNewConnections() -> Bool { count < limit }
}
