internal import Inventory
internal import InventoryAPI
internal import Logging
internal import PostgresStore

/// The help is generated from these settings; a test compares it with the table in
/// docs/configuration.md.
enum Settings {
    static let host = Setting(
        name: "host", standard: "127.0.0.1", help: "Address that the server listens on."
    ) { text in
        guard !text.contains(where: \.isWhitespace) else {
            throw InvalidValue(text, mustBe: "an address or a host name")
        }
        return text
    }

    static let port = Setting(
        name: "port", standard: "8080",
        help: "Port that the server listens on; carrier serve takes a free one for 0.",
        parse: portNumber)

    static let metricsPort = Setting(
        name: "metrics-port", help: "Port of the Prometheus metrics, at /metrics; 0 for a free one."
    ) { $0.isEmpty ? nil : try portNumber($0) as Int? }

    static let database = Setting(
        name: "database-url", standard: "sqlite:data/inventory.sqlite",
        help: """
            Database of the inventory: sqlite: and the path of a file, or the address of a PostgreSQL \
            database, such as postgres://carrier@db.example/inventory.
            """
    ) { try DatabaseLocation($0) }

    static let databasePasswordFile = Setting(
        name: "database-password-file",
        help: "The file with the password of a PostgreSQL database whose address has none."
    ) { $0 }

    static let migrate = Setting(
        name: "migrate", standard: SchemaUpdate.on,
        help:
            "on: migrate at the start; off: only carrier migrate does, and older tables are an error."
    )

    static let databaseConnections = Setting(
        name: "database-connections", standard: "\(ConnectionPool.standardSize)",
        help: "How many connections to PostgreSQL the server has at most.",
        parse: integer(in: ConnectionPool.sizes))

    static let numberCheck = Setting(
        name: "number-check", standard: NumberCheck.possible,
        help: """
            Rule for new numbers. possible: the length fits the country; valid: the range is also in \
            use; e164: the country code is assigned.
            """)

    static let corsOrigins = Setting(
        name: "cors-origins",
        help: "Web pages of other origins that may use the API: * or a comma-separated list."
    ) { text -> AllowedOrigins in
        if text.split(separator: ",").map({ $0.trimmingBlanks() }) == ["*"] { return .all }
        let reason = "is no origin, which is http:// or https:// and a host, without a path"
        let origins = try list(text, "* or ", "https://shop.example", reason) {
            PublicURL($0)?.description
        }
        return .some(Set(origins))
    }

    static let trustedProxies = Setting(
        name: "trusted-proxies",
        help:
            "Addresses whose X-Forwarded-For and X-Forwarded-Proto are trusted, such as 10.0.0.0/8."
    ) { try list($0, "", "127.0.0.1,10.0.0.0/8", "is no address") { AddressRange($0) } }

    static let publicURL = Setting(
        name: "public-url",
        help: """
            The address that clients use, in Link and Location, such as https://inventory.example; \
            without it, that of the request.
            """
    ) { text in
        let url = PublicURL(text)
        guard url != nil || text.isEmpty else {
            throw InvalidValue(text, mustBe: "http:// or https:// and a host, without a path")
        }
        return url
    }

    static let drain = Setting(
        name: "drain", standard: "0",
        help: "Seconds to keep serving after SIGTERM, while /readyz responds 503.",
        parse: integer(in: 0...60))

    static let logLevel = Setting(
        name: "log-level", standard: Logger.Level.info,
        help: "Lowest level to log: trace, debug, info, notice, warning, error or critical.")

    static let logFormat = Setting(
        name: "log-format", standard: LogFormat.text,
        help: "Format of the log: text, or json with one object a line.")

    static let noAuth = Setting(
        name: "no-auth", standard: NoAuth.off,
        help: """
            Make every client a supervisor, without signing in: on this machine only, or with the \
            value any-address on every address.
            """)

    static let supervisorPassword = Setting(
        name: "supervisor-password",
        help: "The password of the first user, supervisor; without it one is generated."
    ) { $0 }

    static let supervisorPasswordFile = Setting(
        name: "supervisor-password-file",
        help: "The file with the password of the first user, instead of the password."
    ) { $0 }

    static let withoutFlag = [databasePasswordFile, supervisorPassword, supervisorPasswordFile]
        .map { "\($0.variable): \($0.help)" }

    private static let portNumber = integer(in: 0...65535)

    private static func integer(
        in range: ClosedRange<Int>
    ) -> @Sendable (String) throws -> Int {
        { text in
            guard let value = Int(text), range.contains(value) else {
                throw InvalidValue(text, mustBe: "\(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
    }

    private static func list<Item>(
        _ text: String, _ alternative: String, _ example: String, _ reason: String,
        _ parse: (String) -> Item?
    ) throws -> [Item] {
        try text.split(separator: ",").map { item in
            let item = item.trimmingBlanks()
            guard let value = parse(item) else {
                throw InvalidValue(
                    "must be \(alternative)a comma-separated list such as \(example). "
                        + "\(item.shortened) \(reason)")
            }
            return value
        }
    }
}
