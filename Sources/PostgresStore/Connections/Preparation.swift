internal import Synchronization

/// Whether a pool's connections prepare statements. PgBouncer in transaction mode may give each
/// transaction another connection to the server, on which the prepared statement does not exist,
/// or already exists.
final class Preparation: Sendable {
    private let isAllowed: Atomic<Bool>

    init(isOn: Bool = true) {
        isAllowed = Atomic(isOn)
    }

    var isOn: Bool { isAllowed.load(ordering: .relaxed) }

    func stop() { isAllowed.store(false, ordering: .relaxed) }

    /// A hash of 64 bits (FNV-1a, RFC 9923), long enough to distinguish some thousand statements. A
    /// statement has the same name in each program, so a proxy's clients can share it.
    static func name(of sql: String) -> String {
        let hash = sql.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return "carrier_" + String(hash, radix: 16)
    }
}
