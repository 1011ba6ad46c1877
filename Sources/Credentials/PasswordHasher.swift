internal import Dispatch
package import Inventory

/// Makes and checks hashes of passwords, a few at a time: each takes tens of megabytes and
/// milliseconds, and a flood of sign-ins shall exhaust neither memory nor processors.
package actor PasswordHasher {
    /// Too many are waiting already.
    package struct Busy: Error {}

    private let cost: ScryptCost
    private let mostRunning: Int
    private let mostWaiting: Int
    private let decoy: ScryptHash
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    // Not the threads that Swift's tasks share, of which there are as many as processors.
    private let threads = DispatchQueue(label: "password hashes", attributes: .concurrent)

    package init(cost: ScryptCost = .standard, mostRunning: Int = 2, mostWaiting: Int = 30) {
        self.cost = cost
        self.mostRunning = mostRunning
        self.mostWaiting = mostWaiting
        decoy = ScryptHash.unmatchable(cost: cost)
    }

    /// - Throws: ``Busy``.
    package func hash(_ password: Password) async throws -> PasswordHash {
        let cost = cost
        return try await inTurn { try ScryptHash(password, cost: cost).stored }
    }

    /// Whether `hash` was made from `password`.
    ///
    /// Without a hash, the answer is no, after the same time.
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
        if running < mostRunning {
            running += 1
        } else {
            guard waiting.count < mostWaiting else { throw Busy() }
            // Who is woken takes over the place of the one that ended.
            await withCheckedContinuation { waiting.append($0) }
        }
        defer {
            if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
        }
        return try await withCheckedThrowingContinuation { continuation in
            threads.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
