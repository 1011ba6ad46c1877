package import Credentials
package import Foundation
package import Inventory

package struct InventoryConfiguration: Sendable {
    package var numberCheck: NumberCheck = .possible
    package var origins: AllowedOrigins = .some([])
    /// The trusted proxies. The server uses `X-Forwarded-…` headers from these addresses only.
    package var proxies: [AddressRange] = []
    /// The URL that clients use; nil if the server takes it from each request.
    package var publicURL: PublicURL?
    package var noAuth = NoAuth.off
    package var hasher = PasswordHasher()
    /// The folder from which the console's files are read at each request, for editing them.
    package var consoleFiles: String?
    /// The clock by which sessions expire and failed sign-ins are forgotten.
    package var now: @Sendable () -> Date = { .now }
    /// Whether the program is stopping: `/readyz` then fails, so that requests go elsewhere.
    package var isStopping: @Sendable () -> Bool = { false }

    package init() {}
}
