internal import Inventory
internal import Storage
internal import Synchronization

/// The sessions that were looked up since the database last changed.
///
/// Every request needs its session. SQLite tells in microseconds whether any connection of any
/// process has committed (https://www.sqlite.org/pragma.html#pragma_data_version), so what is kept
/// here is never out of date.
final class SessionCache: Sendable {
    private struct Content {
        /// What SQLite called the state of the database.
        var version: Int64 = 0
        var sessions: [TokenDigest: Session] = [:]
    }

    private static let capacity = 10_000

    private let content = Mutex(Content())

    func session(_ digest: TokenDigest, version: Int64) -> Session? {
        content.withLock { $0.version == version ? $0.sessions[digest] : nil }
    }

    /// Keeps a session that was read at `version` or later.
    func keep(_ session: Session, _ digest: TokenDigest, version: Int64) {
        content.withLock { content in
            if content.version != version || content.sessions.count >= Self.capacity {
                content = Content(version: version)
            }
            content.sessions[digest] = session
        }
    }
}
