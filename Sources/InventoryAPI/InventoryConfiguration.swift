package import Credentials
package import Foundation
package import Inventory

/// The settings of the API.
package struct InventoryConfiguration: Sendable {
    package var numberCheck: NumberCheck
    package var origins: AllowedOrigins
    /// The trusted proxies, whose `X-Forwarded-…` headers count.
    package var proxies: [AddressRange]
    /// The URL that clients use; nil if each request names it.
    package var publicURL: PublicURL?
    package var access: Access
    package var hosts: AllowedHosts
    package var hasher: PasswordHasher
    /// The folder from which the console's files are read at each request, for editing them.
    package var consoleFiles: String?
    /// The clock by which sessions expire and failed sign-ins are forgotten.
    package var now: @Sendable () -> Date
    /// Whether the program is stopping: `/readyz` then fails, so that requests go elsewhere.
    package var isStopping: @Sendable () -> Bool

    package init(
        numberCheck: NumberCheck = .possible, origins: AllowedOrigins = .some([]),
        proxies: [AddressRange] = [], publicURL: PublicURL? = nil, access: Access = .users,
        hosts: AllowedHosts = .all, hasher: PasswordHasher = PasswordHasher(),
        now: @escaping @Sendable () -> Date = { .now },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.numberCheck = numberCheck
        self.origins = origins
        self.proxies = proxies
        self.publicURL = publicURL
        self.access = access
        self.hosts = hosts
        self.hasher = hasher
        self.now = now
        self.isStopping = isStopping
    }
}
