internal import Synchronization

/// Whether a pool's connections prepare statements once and then call them by name.
///
/// A proxy such as PgBouncer in mode transaction uses another server connection per transaction.
/// There a prepared name may be missing or exist already: then statements are not prepared.
final class Preparation: Sendable {
    private let isAllowed: Atomic<Bool>

    init(isOn: Bool = true) {
        isAllowed = Atomic(isOn)
    }

    var isOn: Bool { isAllowed.load(ordering: .relaxed) }

    /// Stops preparing statements, on all connections of the pool.
    func stop() { isAllowed.store(false, ordering: .relaxed) }

    /// The same statement has the same name in each program, so a proxy's clients can share it.
    ///
    /// The name is a hash of 64 bits (FNV-1a, RFC 9923). There are some thousand statements.
    static func name(of sql: String) -> String {
        let hash = sql.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return "carrier_" + String(hash, radix: 16)
    }
}
