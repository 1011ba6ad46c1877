import Foundation
import Inventory

extension Author {
    /// Somebody who changes something so many seconds after a moment that all tests share.
    static func named(_ username: String, second: Int) -> Author {
        Author(
            username: username,
            at: Date(timeIntervalSince1970: 1_800_000_000 + TimeInterval(second) + 0.007))
    }
}
