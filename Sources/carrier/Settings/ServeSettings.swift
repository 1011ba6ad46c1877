internal import ArgumentParser
internal import Inventory
internal import InventoryAPI
internal import Logging

struct ListenOptions: ParsableArguments {
    @Option(Settings.host) var host: String?
    @Option(Settings.port) var port: String?
}

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

/// Whether a server migrates when it starts.
enum SchemaUpdate: String, CaseIterable {
    case on, off
}

/// The settings of `carrier serve`; the description is for the log.
struct ServeSettings: CustomStringConvertible {
    let host: String
    let port: Int
    let metricsPort: Int?
    let database: DatabaseLocation
    let schemaUpdate: SchemaUpdate
    let connections: Int
    /// The shutdown delay, in seconds.
    let drain: Int
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let api: InventoryConfiguration
    /// Where the first supervisor's password comes from; nil to generate it.
    let supervisorPassword: PasswordSource?

    init(_ options: ServeOptions) throws {
        let host = try Settings.host.value(options.listen.host)
        let port = try Settings.port.value(options.listen.port)
        self.host = host
        self.port = port
        metricsPort = try Settings.metricsPort.value(options.metricsPort) { value in
            guard value != port || port == 0 else {
                throw InvalidValue(
                    "\(port)", mustBe: "another port than --port, which is \(port)")
            }
        }
        database = try options.database.location()
        schemaUpdate = try Settings.migrate.value(options.migrate)
        connections = try Settings.databaseConnections.value(options.connections)
        drain = try Settings.drain.value(options.drain)
        logLevel = try Settings.logLevel.value(options.logLevel)
        logFormat = try Settings.logFormat.value(options.logFormat)
        var api = InventoryConfiguration()
        api.noAuth = try Settings.noAuth.value(options.noAuth) { value in
            // If other machines can reach the address, require the word that says so: any-address.
            let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
            guard value != .loopback || isLoopback else {
                throw InvalidValue(
                    value.rawValue,
                    mustBe: "any-address to let every client on \(host) change the numbers")
            }
        }
        api.numberCheck = try Settings.numberCheck.value(options.numberCheck)
        api.origins = try Settings.corsOrigins.value(options.corsOrigins)
        api.proxies = try Settings.trustedProxies.value(options.trustedProxies)
        api.publicURL = try Settings.publicURL.value(options.publicURL)
        self.api = api
        supervisorPassword = try PasswordSource.ofFirstSupervisor()
    }

    var description: String {
        let origins = if case .some(let origins) = api.origins { origins.sorted() } else { ["*"] }
        func list(_ items: [String]) -> String {
            items.isEmpty ? "none" : items.joined(separator: ",")
        }
        return """
            host=\(host) port=\(port) metrics-port=\(metricsPort.map(String.init) ?? "none") \
            database-url=\(database) migrate=\(schemaUpdate.rawValue) \
            database-connections=\(connections) number-check=\(api.numberCheck.rawValue) \
            cors-origins=\(list(origins)) trusted-proxies=\(list(api.proxies.map(\.description))) \
            public-url=\(api.publicURL?.description ?? "none") drain=\(drain) \
            log-level=\(logLevel) log-format=\(logFormat.rawValue) \
            no-auth=\(api.noAuth.rawValue) \
            supervisor-password=\(supervisorPassword?.description ?? "none")
            """
    }
}
