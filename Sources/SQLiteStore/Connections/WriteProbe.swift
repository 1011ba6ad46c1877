internal import Inventory
internal import Synchronization

/// Tracks whether the database accepts writes: after a failed write, a small write every few
/// seconds checks again.
final class WriteProbe: Sendable {
    private struct State {
        /// Why the last write failed; nil while writes succeed.
        var failure: (any OperatorError)?
        var nextProbe = ContinuousClock.now
    }

    static let interval = Duration.seconds(5)

    private let state = Mutex(State())

    func noteFailure(_ failure: any OperatorError) {
        state.withLock { $0 = State(failure: failure, nextProbe: .now + Self.interval) }
    }

    func noteSuccess() {
        state.withLock { if $0.failure != nil { $0.failure = nil } }
    }

    /// - Parameter write: A small write. If it fails, it calls ``noteFailure(_:)`` itself.
    /// - Throws: ``InventoryError/notWritable(reason:)`` until a write succeeds.
    func check(_ write: () async throws -> Void) async throws {
        let (failure, isDue) = state.withLock { state in
            let isDue = state.failure != nil && state.nextProbe <= .now
            // Postpone the next probe, so that concurrent checks do not write too.
            if isDue { state.nextProbe = .now + Self.interval }
            return (state.failure, isDue)
        }
        guard let failure else { return }
        guard isDue, (try? await write()) != nil else {
            throw InventoryError.notWritable(reason: failure)
        }
        noteSuccess()
    }
}
