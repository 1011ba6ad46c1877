internal import ArgumentParser
internal import CMalloc
internal import Credentials
internal import Foundation
internal import HTTPServer
internal import Hummingbird
internal import Inventory
internal import InventoryAPI
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the API until SIGTERM or SIGINT.",
        discussion: """
            These settings have no flag, only an environment variable:

            \(Settings.withoutFlag.joined(separator: "\n"))
            """)

    @OptionGroup var options: ServeOptions
    @Flag(help: "Fill an empty inventory with 800 numbers.") var demo = false
    @Option(
        help: ArgumentHelp(
            "Read the console's files from this folder at each request: for editing them.",
            valueName: "dir"))
    var consoleFiles: String?

    func run() async throws {
        let settings = try ServeSettings(options)
        // Read the password even if users exist, so that every start reports a bad setting.
        let password = try settings.supervisorPassword?.read()
        let logger = Self.startLog(settings)
        Self.limitHeaps()
        let firstPassword = FirstPassword(
            given: password, hasher: settings.api.hasher,
            isNeeded: settings.database.isMissingFile && settings.api.noAuth == .off)
        // Reserve the port before the first user is created: if the port is not free, no user
        // remains.
        let port = try ReservedPort(host: settings.host, port: settings.port, flag: "--port")
        let metrics = try settings.metricsPort.map {
            MetricsServer(
                on: try ReservedPort(host: settings.host, port: $0, flag: "--metrics-port"))
        }
        // The store logs with this logger, too.
        try await withLogger(logger) { logger in
            try await settings.database.withStore(
                connections: settings.connections, logger: logger,
                migrates: settings.schemaUpdate == .on, creates: true,
                onMigration: { name, isDone in
                    let waits = "when all servers have this version, run carrier migrate --finish"
                    logger.log(
                        level: isDone ? .notice : .info, "\(isDone ? "migrated" : waits)",
                        metadata: ["migration": "\(name)"])
                }
            ) { store in
                if demo { try await Self.fill(store, logger: logger) }
                try await serve(
                    store, settings, on: port, firstPassword, metrics: metrics, logger: logger)
            }
        }
        logger.info("stopped")
    }

    private static func startLog(_ settings: ServeSettings) -> Logger {
        LoggingSystem.bootstrap { _ in
            LineLogHandler(format: settings.logFormat, logLevel: settings.logLevel)
        }
        // By default, writing to a pipe without a reader ends the program; make it fail.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "carrier")
        logger.info("starting", metadata: ["settings": "\(settings)"])
        if settings.api.noAuth != .off {
            logger.warning("every client is a supervisor: no-auth is on")
        }
        return logger
    }

    /// Makes glibc return the memory of large responses to the system. Its heaps shrink only from
    /// their ends: after a thousand responses they kept three times the size of these responses.
    private static func limitHeaps() {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, 64 * 1024)
            // Allow few heaps: otherwise each of many threads has one, which keeps the most memory
            // that it ever used.
            mallopt(M_ARENA_MAX, 4)
        #endif
    }

    private static func fill(_ store: any NumberStore, logger: Logger) async throws {
        let numbers = Array(DemoNumbers(seed: 1).prefix(800))
        do {
            let count = try await store.createNumbers(numbers, onlyIfEmpty: true)
            logger.info(
                "filled the empty inventory", metadata: ["numbers": .stringConvertible(count)])
        } catch let error as InventoryNotEmpty {
            logger.info(
                "the inventory is not empty", metadata: ["numbers": .stringConvertible(error.count)]
            )
        }
    }

    /// Serves the inventory until SIGTERM or SIGINT. Then running requests get 30 seconds to end.
    private func serve(
        _ store: any InventoryStore, _ settings: ServeSettings, on port: ReservedPort,
        _ password: FirstPassword, metrics: MetricsServer?, logger: Logger
    ) async throws {
        let isFirstStart = try await Self.createFirstUser(
            in: store, settings.api, password, logger)
        let banner = StartupBanner(
            settings: settings, port: port.number, isFirstStart: isFirstStart,
            password: password.given, generatedPassword: password.generated)
        try banner.showGeneratedPassword()
        let drain = ShutdownDelay(duration: .seconds(settings.drain))
        var configuration = settings.api
        configuration.isStopping = { drain.hasBegun }
        configuration.consoleFiles = consoleFiles
        let server = APIResponder(store: store, configuration: configuration, logger: logger)
            .application(
                .init(
                    address: .hostname(port.host, port: port.number),
                    availableConnectionsDelegate: ConnectionLimit(logger: logger)),
                logger: logger
            ) { _ in banner.show(logger: logger) }
        var group = ServiceGroupConfiguration(
            // The group ends its last service first.
            services: (metrics?.services(of: store, logger: logger) ?? [])
                + [Listener(server: server, port: port), drain],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(30 + settings.drain)
        try await ServiceGroup(configuration: group).run()
    }

    private static func createFirstUser(
        in store: any AccountStore, _ api: InventoryConfiguration, _ password: FirstPassword,
        _ logger: Logger
    ) async throws -> Bool {
        guard api.noAuth == .off,
            let user = try await store.createFirstSupervisor(password.hash)
        else { return false }
        logger.info("created the first user", metadata: ["user": "\(user.username)"])
        return true
    }
}

/// The time after SIGTERM in which the server still serves requests, but `/readyz` responds 503.
final class ShutdownDelay: Service {
    private let duration: Duration
    private let flag = Atomic(false)

    init(duration: Duration) {
        self.duration = duration
    }

    var hasBegun: Bool { flag.load(ordering: .relaxed) }

    func run() async throws {
        try await gracefulShutdown()
        flag.store(true, ordering: .relaxed)
        // The group stops earlier services only after this one has ended.
        try await Task.sleep(for: duration)
    }
}
