package import Foundation
package import Inventory

extension AccountStore {
    /// The session that the token belongs to; nil where there is none, or it has expired at `now`.
    package func session(_ digest: TokenDigest, now: Date) async throws -> Session? {
        try await authenticate(digest, now: now).session
    }
}
