internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import Inventory
internal import InventoryAPI
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import UnixSignals

/// Serves the API: `carrier serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the API until SIGTERM or SIGINT.")

    @OptionGroup var listen: ListenOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var options: ServeOptions

    @Flag(help: "Fill an empty inventory with 800 numbers.")
    var demo = false

    func run() async throws {
        let settings = try ServeSettings(
            listen, database, options, environment: ProcessInfo.processInfo.environment)
        // Read even where nobody needs it any more: a bad setting is told at every start.
        let password = try settings.supervisorPassword?.read()
        LoggingSystem.bootstrap { _ in
            LineLogHandler(format: settings.logFormat, level: settings.logLevel)
        }
        // A reader that goes away is an error to see where it is written to, and no end.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "carrier")
        logger.info("starting", metadata: ["settings": "\(settings)"])
        if settings.access == .everybody {
            logger.warning("everybody is answered as a supervisor: no-auth is on")
        }
        let hasher = PasswordHasher()
        let store = try await settings.database.open(logger: logger)
        if demo { try await fill(store, logger: logger) }
        let generated =
            try await settings.access == .everybody
            ? nil : createFirstSupervisor(password, hasher: hasher, in: store, logger: logger)
        let drain = Drain(duration: .seconds(settings.drain))
        let application = Application(
            router: inventoryRouter(
                store: store,
                configuration: .init(
                    numberCheck: settings.numberCheck, origins: settings.origins,
                    proxies: settings.proxies, access: settings.access, hosts: settings.hosts,
                    hasher: hasher,
                    isStopping: { drain.isUnderWay })),
            server: HTTPServerBuilder { InventoryChannel(responder: $0) },
            configuration: .init(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: ConnectionLimit(logger: logger)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                Announcement(settings: settings, port: port, generatedPassword: generated?.text)
                    .make(logger: logger)
            },
            logger: logger)
        do {
            try await run([application, drain], drainSeconds: settings.drain, logger: logger)
        } catch let error as IOError {
            throw ListeningError(settings: settings, error: error)
        }
        try await store.close()
        logger.info("stopped")
    }

    /// Runs the services until SIGTERM or SIGINT, then ends them, the last first.
    ///
    /// Requests that run then may take 30 seconds more.
    private func run(_ services: [any Service], drainSeconds: Int, logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30 + drainSeconds)
        try await ServiceGroup(configuration: configuration).run()
    }

    private func fill(_ store: any NumberStore, logger: Logger) async throws {
        do {
            let count = try await store.createNumbers(
                Array(DemoNumbers(seed: 1).prefix(800)), onlyIfEmpty: true)
            logger.info("filled the empty inventory", metadata: ["numbers": "\(count)"])
        } catch InventoryError.notEmpty(let count) {
            logger.info("the inventory is not empty", metadata: ["numbers": "\(count)"])
        }
    }
}

extension Serve {
    /// Creates the user `supervisor` where there is no user yet, and returns the password where one
    /// had to be made up.
    private func createFirstSupervisor(
        _ password: Password?, hasher: PasswordHasher, in store: any AccountStore, logger: Logger
    ) async throws -> GeneratedPassword? {
        guard try await store.listUsers().isEmpty else { return nil }
        let generated = password == nil ? GeneratedPassword() : nil
        guard let chosen = password ?? generated?.password else { return nil }
        let draft = UserDraft(
            username: Username(stored: "supervisor"), role: .supervisor,
            passwordHash: try await hasher.hash(chosen))
        // Another program may have been quicker.
        guard let user = try await store.createFirstUser(draft) else { return nil }
        logger.info("created the first user", metadata: ["user": "\(user.username)"])
        return generated
    }
}

/// Why the program cannot listen, as a sentence.
private struct ListeningError: Error, CustomStringConvertible {
    let settings: ServeSettings
    let error: IOError

    var description: String {
        let place = "\(settings.host), port \(settings.port)"
        return switch error.errnoCode {
        case EADDRINUSE: "Another program listens on \(place) already. Choose another --port."
        case EACCES: "Listening on \(place) is not permitted. Ports from 1024 are for everyone."
        case EADDRNOTAVAIL: "This machine has no address \(settings.host) to listen on."
        default: "Cannot listen on \(place): \(error)"
        }
    }
}

/// What is said once the server takes requests.
private struct Announcement {
    let settings: ServeSettings
    let port: Int
    /// Shown this once.
    let generatedPassword: String?

    private var address: String {
        // The wildcard addresses are no place to go to.
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "localhost" : settings.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    func make(logger: Logger) {
        if settings.logFormat == .json {
            logger.notice("ready", metadata: ["address": "\(address)"])
        } else {
            say(
                """
                Telecom Carrier \(Carrier.version) is ready.
                  Console      \(address)/
                  API          \(address)/api/v1/numbers
                  Description  \(address)/docs, \(address)/api/v1/openapi.json
                  Inventory    \(settings.database)
                """)
        }
        // Never through the log, whatever its format: logs are kept.
        if let generatedPassword {
            say("  Sign in      supervisor, password \(generatedPassword) (shown this once)")
        }
    }

    private func say(_ text: String) {
        // Not print: that keeps the text back while standard output is a pipe.
        try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }
}
