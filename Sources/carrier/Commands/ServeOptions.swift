internal import ArgumentParser

/// The flags of `carrier serve` that no other command has.
struct ServeOptions: ParsableArguments {
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
