package import Credentials
package import Foundation
package import Inventory

/// What the server needs to know.
package struct InventoryConfiguration: Sendable {
    /// What a new phone number must pass.
    package var numberCheck: NumberCheck
    /// The web pages of other origins that may use the API.
    package var origins: AllowedOrigins
    /// The proxies that are believed when they say whose request they pass on.
    package var proxies: [AddressRange]
    /// The address that clients use; nil if it is the one that each request names.
    package var publicURL: PublicURL?
    package var access: Access
    /// The hosts that requests may be for.
    package var hosts: AllowedHosts
    package var hasher: PasswordHasher
    /// The folder from which the console's files are read at each request, for editing them.
    package var consoleFiles: String?
    /// The clock by which sessions expire and failed sign-ins are forgotten.
    package var now: @Sendable () -> Date
    /// Whether the program is about to end, so that `/readyz` shall send requests elsewhere.
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
