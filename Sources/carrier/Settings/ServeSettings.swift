internal import ArgumentParser
internal import Credentials
internal import Inventory
internal import InventoryAPI
internal import Logging

/// The flags that define where a server listens.
struct ListenOptions: ParsableArguments {
    @Option(Settings.host) var host: String?
    @Option(Settings.port) var port: String?
}

/// The settings of `carrier serve` as flags.
struct ServeOptions: ParsableArguments {
    @OptionGroup var listen: ListenOptions
    @OptionGroup var database: DatabaseOptions
    @Option(Settings.migrate) var migrate: String?
    @Option(Settings.databaseConnections) var connections: String?
    @Option(Settings.numberCheck) var numberCheck: String?
    @Option(Settings.corsOrigins) var corsOrigins: String?
    @Option(Settings.trustedProxies) var trustedProxies: String?
    @Option(Settings.publicURL) var publicURL: String?
    @Option(Settings.drain) var drain: String?
    @Option(Settings.metricsPort) var metricsPort: String?
    @Option(Settings.logLevel) var logLevel: String?
    @Option(Settings.logFormat) var logFormat: String?
    @Option(Settings.noAuth, alone: NoAuth.loopback.rawValue) var noAuth: String?
}

/// Which clients are supervisors without signing in.
/// Whether a server migrates when it starts.
enum SchemaUpdate: String, CaseIterable {
    case on, off
}

/// The settings of `carrier serve`; the description is for the log.
struct ServeSettings: CustomStringConvertible {
    let host: String
    let port: Int
    /// Nil for no metrics.
    let metricsPort: Int?
    let database: DatabaseLocation
    let schemaUpdate: SchemaUpdate
    /// The most connections to PostgreSQL.
    let connections: Int
    let numberCheck: NumberCheck
    let origins: AllowedOrigins
    let proxies: [AddressRange]
    let publicURL: PublicURL?
    /// How many seconds to keep serving after SIGTERM.
    let drain: Int
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let noAuth: NoAuth
    /// Where the first supervisor's password comes from; nil to generate it.
    let supervisorPassword: PasswordSource?

    init(_ options: ServeOptions) throws {
        let host = try Settings.host.value(options.listen.host)
        let port = try Settings.port.value(options.listen.port)
        self.host = host
        self.port = port
        metricsPort = try Settings.metricsPort.value(options.metricsPort) { value in
            guard value != port || port == 0 else {
                throw SettingRule("another port than --port, which is \(port)")
            }
        }
        database = try options.database.location()
        schemaUpdate = try Settings.migrate.value(options.migrate)
        connections = try Settings.databaseConnections.value(options.connections)
        numberCheck = try Settings.numberCheck.value(options.numberCheck)
        origins = try Settings.corsOrigins.value(options.corsOrigins)
        proxies = try Settings.trustedProxies.value(options.trustedProxies)
        publicURL = try Settings.publicURL.value(options.publicURL)
        drain = try Settings.drain.value(options.drain)
        logLevel = try Settings.logLevel.value(options.logLevel)
        logFormat = try Settings.logFormat.value(options.logFormat)
        noAuth = try Settings.noAuth.value(options.noAuth) { value in
            // If other machines can reach the address, require the longer word on purpose.
            let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
            guard value != .loopback || isLoopback else {
                throw SettingRule("any-address to let every client on \(host) change the numbers")
            }
        }
        supervisorPassword = try PasswordSource.ofFirstSupervisor()
    }

    func configuration(hasher: PasswordHasher, drain: ShutdownDelay) -> InventoryConfiguration {
        var configuration = InventoryConfiguration()
        configuration.numberCheck = numberCheck
        configuration.origins = origins
        configuration.proxies = proxies
        configuration.publicURL = publicURL
        configuration.noAuth = noAuth
        configuration.hasher = hasher
        configuration.isStopping = { drain.hasBegun }
        return configuration
    }

    var description: String {
        let proxies = proxies.isEmpty ? "none" : proxies.map(\.description).joined(separator: ",")
        let password = supervisorPassword?.description ?? "none"
        let origins: [String] =
            switch self.origins {
            case .all: ["*"]
            case .some(let origins): origins.isEmpty ? ["none"] : origins.sorted()
            }
        return """
            host=\(host) port=\(port) metrics-port=\(metricsPort.map(String.init) ?? "none") \
            database-url=\(database) migrate=\(schemaUpdate.rawValue) \
            database-connections=\(connections) number-check=\(numberCheck.rawValue) \
            cors-origins=\(origins.joined(separator: ",")) trusted-proxies=\(proxies) \
            public-url=\(publicURL?.description ?? "none") drain=\(drain) \
            log-level=\(logLevel) log-format=\(logFormat.rawValue) \
            no-auth=\(noAuth.rawValue) supervisor-password=\(password)
            """
    }
}
