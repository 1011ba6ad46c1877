internal import Credentials
internal import Foundation
internal import Inventory
internal import InventoryAPI
internal import Logging

/// The text on standard output when the server starts.
struct StartupBanner {
    let settings: ServeSettings
    let port: Int
    /// The first user, if this start has created it.
    let supervisor: FirstSupervisor?
    /// Whether the first supervisor's password is ``developmentPassword``.
    let isForDevelopment: Bool

    /// The password in docker-compose.yml, the Makefile and README.md: it is no secret.
    static let developmentPassword = "development-only"

    private var address: String {
        // Browsers cannot open the addresses that mean all addresses.
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "localhost" : settings.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Shows a generated password, once: before the server listens, since that may fail.
    func showGeneratedPassword() throws {
        guard let password = supervisor?.generatedPassword?.text else { return }
        do {
            try say("  Sign in      supervisor, password \(password) (shown this once)")
        } catch {
            throw CommandFailure("\(error) The generated password was not shown. \(resetAdvice)")
        }
    }

    private var resetAdvice: String {
        let isSQLite = if case .sqlite = settings.database { true } else { false }
        // The address of PostgreSQL may have a password, which is not shown.
        let isNamed = isSQLite && settings.database.description != Settings.database.standard
        return "Reset it with: carrier user set-password supervisor"
            + (isNamed ? " --database-url '\(settings.database)'" : "")
    }

    /// Called when the server listens.
    func show(logger: Logger) {
        if settings.logFormat == .json {
            logger.notice("ready", metadata: ["address": "\(address)"])
        } else {
            try? say(
                """
                Telecom Carrier \(Carrier.version) is ready.
                  Console      \(address)/
                  API          \(address)/api/v1/numbers
                  Description  \(address)/docs, \(address)/api/v1/openapi.json
                  Inventory    \(settings.database)
                """)
        }
        // A password is never logged, whatever the format, because logs are kept.
        if isForDevelopment {
            try? say(
                "  Sign in      supervisor, password \(Self.developmentPassword), unless it was changed"
            )
        }
        if supervisor == nil, settings.noAuth == .off, settings.logFormat == .text {
            try? say("  Password     \(resetAdvice)")
        }
    }

    private func say(_ text: String) throws {
        // `print` would buffer the text if standard output is a pipe.
        let text = text.showingInvisibles(keepsLineBreaks: true) + "\n"
        try OpenFile.standardOutput.write(Array(text.utf8))
    }
}
