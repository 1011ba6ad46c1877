package import Inventory
package import Threads

/// Computes and checks a few hashes at a time. Each takes tens of megabytes and milliseconds. Many
/// sign-ins must not exhaust memory or processors.
package final class PasswordHasher: Sendable {
    /// Too many passwords are waiting, or this one waited too long.
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

    /// If `hash` is nil, this takes as long, so that timing does not reveal whether a user exists.
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
