internal import ArgumentParser
internal import Inventory
internal import InventoryAPI
internal import Logging

/// Where the inventory is: the flag of every command that needs to know.
struct DatabaseOptions: ParsableArguments {
    @Option(Settings.database) var database: String?

    /// - Throws: ``SettingError`` and `ValidationError`.
    func location(environment: [String: String]) throws -> DatabaseLocation {
        try Settings.database.value(database, environment: environment)
            .withPassword(from: environment)
    }
}

/// Where a server listens.
struct ListenOptions: ParsableArguments {
    @Option(Settings.host) var host: String?
    @Option(Settings.port) var port: String?
}

/// The flags of `carrier serve` that no other command has.
struct ServeOptions: ParsableArguments {
    @Option(Settings.numberCheck) var numberCheck: String?
    @Option(Settings.corsOrigins) var corsOrigins: String?
    @Option(Settings.trustedProxies) var trustedProxies: String?
    @Option(Settings.drain) var drain: String?
    @Option(Settings.logLevel) var logLevel: String?
    @Option(Settings.logFormat) var logFormat: String?
    @Option(Settings.noAuth, alone: NoAuth.loopback.rawValue) var noAuth: String?
}

/// What an operator decided about a server.
struct ServeSettings: CustomStringConvertible {
    let host: String
    let port: Int
    let database: DatabaseLocation
    let numberCheck: NumberCheck
    let origins: AllowedOrigins
    let proxies: [AddressRange]
    /// In seconds.
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
        self.database = try database.location(environment: environment)
        numberCheck = try value(Settings.numberCheck, serve.numberCheck)
        origins = try value(Settings.corsOrigins, serve.corsOrigins)
        proxies = try value(Settings.trustedProxies, serve.trustedProxies)
        drain = try value(Settings.drain, serve.drain)
        logLevel = try value(Settings.logLevel, serve.logLevel)
        logFormat = try value(Settings.logFormat, serve.logFormat)
        noAuth = try value(Settings.noAuth.onlyOnLoopback(host), serve.noAuth)
        supervisorPassword = try PasswordSource(environment: environment)
    }

    var access: Access { noAuth == .off ? .users : .everybody }
    var hosts: AllowedHosts { noAuth == .loopback ? .loopback : .all }

    var description: String {
        let proxies = proxies.isEmpty ? "none" : proxies.map(\.description).joined(separator: ",")
        let password = supervisorPassword?.description ?? "none"
        return """
            host=\(host) port=\(port) database-url=\(database) number-check=\(numberCheck.rawValue) \
            cors-origins=\(origins.setting) trusted-proxies=\(proxies) \
            drain=\(drain) log-level=\(logLevel) log-format=\(logFormat.rawValue) \
            no-auth=\(access == .everybody) supervisor-password=\(password)
            """
    }
}

extension Setting<NoAuth> {
    /// The same setting for a server that listens on `host`: beyond this machine it takes another word
    /// to let everybody in.
    fileprivate func onlyOnLoopback(_ host: String) -> Setting<NoAuth> {
        let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
        return Setting(flag: flag, variable: variable, standard: standard) { text in
            let value = try parse(text)
            guard value != .loopback || isLoopback else {
                throw SettingRule("any-address to let everybody on \(host) change the numbers")
            }
            return value
        }
    }
}
