internal import Synchronization

/// Whether the statements of some connections are prepared once and then called by name.
///
/// A proxy that lends another connection of the server to each transaction (PgBouncer in
/// transaction mode) breaks this: a name that was prepared is not there, or is there already. Then
/// statements are sent whole.
final class Preparation: Sendable {
    private let isAllowed: Atomic<Bool>

    init(isOn: Bool = true) {
        isAllowed = Atomic(isOn)
    }

    var isOn: Bool { isAllowed.load(ordering: .relaxed) }

    func stop() { isAllowed.store(false, ordering: .relaxed) }

    /// The same for the same statement and for no other, so that a name that another client of the
    /// same proxy has prepared stands for what it stands for here.
    ///
    /// FNV-1a (RFC 9923) with 64 bits; the statements are this program's own, and some thousand.
    static func name(of sql: String) -> String {
        let hash = sql.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return "carrier_" + String(hash, radix: 16)
    }
}
