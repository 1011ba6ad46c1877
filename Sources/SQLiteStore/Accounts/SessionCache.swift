internal import Inventory
internal import Synchronization

/// The sessions that were looked up since the last commit to the database.
///
/// Every request needs its session. SQLite reports in microseconds whether any program has committed, so the cache is
/// never out of date: https://www.sqlite.org/pragma.html#pragma_data_version.
final class SessionCache: Sendable {
    private struct Content {
        /// The data version at which the sessions were read.
        var version: Int64 = 0
        var sessions: [TokenDigest: Session] = [:]
    }

    private static let capacity = 10_000

    private let content = Mutex(Content())

    func session(_ digest: TokenDigest, version: Int64) -> Session? {
        content.withLock { $0.version == version ? $0.sessions[digest] : nil }
    }

    /// Adds a session that was read at `version` or later.
    func insert(_ session: Session, _ digest: TokenDigest, version: Int64) {
        content.withLock { content in
            if content.version != version || content.sessions.count >= Self.capacity {
                content = Content(version: version)
            }
            content.sessions[digest] = session
        }
    }
}
