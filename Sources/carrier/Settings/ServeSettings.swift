internal import Credentials
internal import Inventory
internal import InventoryAPI
internal import Logging

/// What an operator decided about a server.
struct ServeSettings: CustomStringConvertible {
    let host: String
    let port: Int
    /// Where metrics are told; nil where they are not.
    let metricsPort: Int?
    let database: DatabaseLocation
    let schemaUpdate: SchemaUpdate
    /// How many connections to PostgreSQL there are at most.
    let connections: Int
    let numberCheck: NumberCheck
    let origins: AllowedOrigins
    let proxies: [AddressRange]
    let publicURL: PublicURL?
    /// How many seconds to serve on after SIGTERM.
    let drain: Int
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let noAuth: NoAuth
    /// Where the first supervisor's password comes from; nil where one is to be made up.
    let supervisorPassword: PasswordSource?

    /// - Throws: ``SettingError`` for a variable, `ValidationError` for a flag that breaks its rule.
    init(
        _ listen: ListenOptions, _ database: DatabaseOptions, _ serve: ServeOptions,
        environment: [String: String]
    ) throws {
        func value<Value>(_ setting: Setting<Value>, _ flag: String?) throws -> Value {
            try setting.value(flag, environment: environment)
        }
        let host = try value(Settings.host, listen.host)
        self.host = host
        port = try value(Settings.port, listen.port)
        metricsPort = try value(Settings.metricsPort.other(than: port), serve.metricsPort)
        self.database = try database.location(environment: environment)
        schemaUpdate = try value(Settings.migrate, serve.migrate)
        connections = try value(Settings.databaseConnections, serve.connections)
        numberCheck = try value(Settings.numberCheck, serve.numberCheck)
        origins = try value(Settings.corsOrigins, serve.corsOrigins)
        proxies = try value(Settings.trustedProxies, serve.trustedProxies)
        publicURL = try value(Settings.publicURL, serve.publicURL)
        drain = try value(Settings.drain, serve.drain)
        logLevel = try value(Settings.logLevel, serve.logLevel)
        logFormat = try value(Settings.logFormat, serve.logFormat)
        noAuth = try value(Settings.noAuth.onlyOnLoopback(host), serve.noAuth)
        supervisorPassword = try PasswordSource(environment: environment)
    }

    var access: Access { noAuth == .off ? .users : .everybody }
    var hosts: AllowedHosts { noAuth == .loopback ? .loopback : .all }

    /// What the API needs to know of the settings.
    func configuration(hasher: PasswordHasher, drain: ShutdownDelay) -> InventoryConfiguration {
        InventoryConfiguration(
            numberCheck: numberCheck, origins: origins, proxies: proxies,
            publicURL: publicURL, access: access, hosts: hosts, hasher: hasher,
            isStopping: { drain.isUnderWay })
    }

    var description: String {
        let proxies = proxies.isEmpty ? "none" : proxies.map(\.description).joined(separator: ",")
        let password = supervisorPassword?.description ?? "none"
        return """
            host=\(host) port=\(port) metrics-port=\(metricsPort.map(String.init) ?? "none") \
            database-url=\(database) migrate=\(schemaUpdate.rawValue) \
            database-connections=\(connections) number-check=\(numberCheck.rawValue) \
            cors-origins=\(origins.setting) trusted-proxies=\(proxies) \
            public-url=\(publicURL?.description ?? "none") drain=\(drain) \
            log-level=\(logLevel) log-format=\(logFormat.rawValue) \
            no-auth=\(noAuth.rawValue) supervisor-password=\(password)
            """
    }
}
