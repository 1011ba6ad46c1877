package import Inventory
internal import Threads

/// Makes and checks hashes of passwords, a few at a time: each takes tens of megabytes and tens of
/// milliseconds, and a flood of sign-ins shall exhaust neither memory nor processors.
package final class PasswordHasher: Sendable {
    /// Too many passwords wait for their turn already, or this one has waited too long.
    package struct Busy: Error {}

    /// How long a password waits for its turn to be hashed.
    private static let turnTimeout = Duration.seconds(5)

    private let cost: ScryptCost
    private let decoy: ScryptHash
    private let threads: BlockingThreadPool

    package init(cost: ScryptCost = .standard, mostRunning: Int = 2, mostWaiting: Int = 30) {
        self.cost = cost
        decoy = ScryptHash.unmatchable(cost: cost)
        threads = BlockingThreadPool(
            count: mostRunning, mostWaiting: mostWaiting, givesWay: true)
    }

    /// - Throws: ``Busy``.
    package func hash(_ password: Password) async throws -> PasswordHash {
        let cost = cost
        return try await inTurn { try ScryptHash(password, cost: cost).stored }
    }

    /// Whether `hash` was made from `password`.
    ///
    /// Without a hash the answer is no, and takes as long, so that the time does not tell which it was.
    ///
    /// - Throws: ``Busy``.
    package func verify(_ password: Password, against hash: PasswordHash?) async throws -> Bool {
        let known = hash.flatMap(ScryptHash.init)
        let candidate = known ?? decoy
        return try await inTurn { try candidate.matches(password) } && known != nil
    }

    private func inTurn<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do {
            return try await threads.run(before: .now + Self.turnTimeout, body)
        } catch is BlockingThreadPool.Busy {
            throw Busy()
        }
    }
}
