internal import ArgumentParser
internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import Inventory
internal import InventoryAPI
internal import Logging
internal import NIOCore
internal import SQLiteStore

/// Serves the API: `carrier serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the API until SIGTERM or SIGINT.")

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Fill an empty inventory with 800 numbers.")
    var demo = false

    func run() async throws {
        let settings = try Settings(options, environment: ProcessInfo.processInfo.environment)
        LoggingSystem.bootstrap { _ in
            LineLogHandler(format: settings.logFormat, level: settings.logLevel)
        }
        let logger = Logger(label: "carrier")
        logger.info("starting", metadata: ["settings": "\(settings)"])

        let store = try settings.database.open()
        if demo { try await fill(store, logger: logger) }
        let application = Application(
            router: inventoryRouter(
                store: store, check: settings.numberCheck, origins: settings.origins),
            server: .http1(configuration: Self.connections),
            configuration: .init(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                Announcement(settings: settings, port: port).make(logger: logger)
            },
            logger: logger)
        do {
            try await application.runService()
        } catch let error as IOError {
            throw ListeningError(settings: settings, error: error)
        }
        try store.close()
        logger.info("stopped")
    }

    private static let connections = HTTP1Channel.Configuration(
        idleTimeout: .seconds(75),
        // More than the API takes, so that it is the API that refuses, with a sentence.
        httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 256 * 1024, maxHeaderListSize: 256 * 1024))

    private func fill(_ store: SQLiteStore, logger: Logger) async throws {
        do {
            let count = try await store.createNumbers(
                Array(DemoNumbers(seed: 1).prefix(800)), onlyIfEmpty: true)
            logger.info("filled the empty inventory", metadata: ["numbers": "\(count)"])
        } catch InventoryError.notEmpty(let count) {
            logger.info("the inventory is not empty", metadata: ["numbers": "\(count)"])
        }
    }
}

extension DatabaseLocation {
    /// - Throws: ``OpeningError``.
    func open() throws -> SQLiteStore {
        switch self {
        case .sqlite(let path): try SQLiteStore(path: path)
        }
    }
}

/// Why the program cannot listen, as a sentence.
private struct ListeningError: Error, CustomStringConvertible {
    let settings: Settings
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
    let settings: Settings
    let port: Int

    private var address: String {
        // The wildcard addresses are no place to go to.
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "localhost" : settings.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    func make(logger: Logger) {
        guard settings.logFormat == .text else {
            logger.notice("ready", metadata: ["address": "\(address)"])
            return
        }
        let text = """
            Telecom Carrier \(Carrier.version) is ready.
              Start page   \(address)/
              API          \(address)/api/v1/numbers
              Description  \(address)/api/v1/openapi.json
              Inventory    \(settings.database)

            """
        // Not print: that keeps the text back while standard output is a pipe.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
