internal import ArgumentParser

/// The flags that every command shares.
///
/// What they may be, and what they are when they are not there, is said in ``Settings``.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: .init(
            "Address to listen on. (environment: HOST, default: 127.0.0.1)",
            visibility: .default))
    var host: String?

    @Option(help: "Port to listen on, 0 for a free one. (environment: PORT, default: 8080)")
    var port: String?

    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            """
            Where the inventory is kept: sqlite: and a file, or postgres:// and so on. (environment: \
            DATABASE_URL, default: sqlite:data/inventory.sqlite)
            """, valueName: "url"))
    var databaseURL: String?

    @Option(
        help: """
            How much must be known of a number: possible, its length fits its country; or valid, \
            its range is in use as well. (environment: NUMBER_CHECK, default: possible)
            """)
    var numberCheck: String?

    @Option(
        help: ArgumentHelp(
            """
            Web pages of other origins that may use the API: * or a comma-separated list. \
            (environment: CORS_ORIGINS, default: none)
            """, valueName: "origins"))
    var corsOrigins: String?

    @Option(
        help: ArgumentHelp(
            """
            Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed, such as 10.0.0.0/8. \
            (environment: TRUSTED_PROXIES, default: none)
            """, valueName: "addresses"))
    var trustedProxies: String?

    @Option(
        help: ArgumentHelp(
            """
            Seconds to go on serving after SIGTERM while /readyz says 503. (environment: \
            DRAIN_SECONDS, default: 0)
            """, valueName: "seconds"))
    var drain: String?

    @Option(
        help: """
            trace, debug, info, notice, warning, error or critical. (environment: LOG_LEVEL, \
            default: info)
            """)
    var logLevel: String?

    @Option(help: "text or json. (environment: LOG_FORMAT, default: text)")
    var logFormat: String?

    @Option(
        name: .customLong("no-auth"), defaultAsFlag: "1",
        help: ArgumentHelp(
            """
            Answer everybody as a supervisor, on this machine only; with the value any-address, on \
            any. (environment: NO_AUTH, default: 0)
            """, valueName: "any-address"))
    var noAuth: String?
}
