package import Foundation
package import Inventory
internal import Storage
internal import Synchronization

extension SQLiteStore {
    package func authenticate(_ digest: TokenDigest, now: Date) async throws -> Authentication {
        if let authentication = try authenticateAtOnce(digest, now: now) { return authentication }
        return try await transaction(.query) { db in
            try authentication(digest, now: now, version: nil, in: db)
        }
    }

    package func authenticateAtOnce(
        _ digest: TokenDigest, now: Date
    ) throws -> Authentication? {
        try lookUp { db, version in
            try authentication(digest, now: now, version: version, in: db)
        }
    }

    private func authentication(
        _ digest: TokenDigest, now: Date, version: Int64?, in db: SQLiteConnection
    ) throws -> Authentication {
        let session = try session(digest, version: version, in: db)
        return Authentication(
            session: session.flatMap { $0.isOver(at: now) ? nil : $0 },
            state: version.map { StoreStateToken(String($0)) })
    }

    /// Returns the session, even if it has expired.
    private func session(
        _ digest: TokenDigest, version: Int64?, in db: SQLiteConnection
    ) throws -> Session? {
        if let version, let session = sessionCache.session(digest, version: version) {
            return session
        }
        let session = try db.row(
            """
            SELECT user.id, user.username, user.role, session.expiresAt
            FROM session JOIN user ON user.id = session.userID
            WHERE session.digest = $1
            """, [.bytes(digest.bytes)]
        ) { row in
            Session(
                user: try User(from: &row), expiresAt: Date(wholeSeconds: try row.integer()))
        }
        if let version, let session { sessionCache.insert(session, digest, version: version) }
        return session
    }
}

/// Caches the sessions that were looked up since the last commit by any program. SQLite's data
/// version changes with each commit, and takes microseconds to read:
/// https://www.sqlite.org/pragma.html#pragma_data_version.
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
