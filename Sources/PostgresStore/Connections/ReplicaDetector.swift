internal import Synchronization

/// Whether a standby has answered since the program started.
///
/// Where an address leads to several servers and any of them will do, one connection may be to the
/// primary and the next to a standby that lags behind: what was read there is not the state that the
/// primary told. Then no state is told any more.
final class ReplicaDetector: Sendable {
    private let wasSeen = Atomic(false)

    var isStateKnown: Bool { !wasSeen.load(ordering: .acquiring) }

    func note(_ connection: Connection) {
        if connection.isOnStandby { wasSeen.store(true, ordering: .releasing) }
    }
}
