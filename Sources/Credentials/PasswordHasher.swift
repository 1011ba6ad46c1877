package import Inventory
package import Threads

/// Computes and checks a few hashes at a time, so that many sign-ins do not exhaust memory or
/// processors: each hash takes tens of megabytes and milliseconds.
package final class PasswordHasher: Sendable {
    /// Too many passwords wait for a thread, or this one waited too long.
    package typealias Busy = BlockingThreadPool.Busy

    private static let longestWait = Duration.seconds(5)

    private let cost: ScryptCost
    private let decoy: ScryptHash
    private let threads: BlockingThreadPool

    package init(cost: ScryptCost = .standard, mostRunning: Int = 2, mostWaiting: Int = 30) {
        self.cost = cost
        decoy = ScryptHash.unmatchable(cost: cost)
        threads = BlockingThreadPool(
            count: mostRunning, mostWaiting: mostWaiting, hasLowPriority: true)
    }

    /// - Throws: ``Busy``.
    package func hash(_ password: Password) async throws -> PasswordHash {
        let cost = cost
        return try await threads.run(before: .now + Self.longestWait) {
            try ScryptHash(password, cost: cost).stored
        }
    }

    /// Returns whether the password is right. If `hash` is nil, that takes just as long, so that
    /// timing does not reveal whether a user exists.
    ///
    /// - Throws: ``Busy``.
    package func verify(_ password: Password, against hash: PasswordHash?) async throws -> Bool {
        let known = hash.flatMap(ScryptHash.init)
        let candidate = known ?? decoy
        let isRight = try await threads.run(before: .now + Self.longestWait) {
            try candidate.matches(password)
        }
        return isRight && known != nil
    }
}
