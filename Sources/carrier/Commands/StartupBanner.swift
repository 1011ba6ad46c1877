internal import Credentials
internal import Inventory
internal import InventoryAPI
internal import Logging

struct StartupBanner {
    let settings: ServeSettings
    let port: Int
    /// Whether this start has created the first user.
    let isFirstStart: Bool
    /// The first user's password, if the operator gave one.
    let password: Password?
    let generatedPassword: String

    /// The password in docker-compose.yml, the Makefile and README.md: it is no secret.
    private static let developmentPassword = "development-only"

    private var address: String {
        // Browsers cannot open the addresses that mean all addresses.
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "localhost" : settings.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private var resetAdvice: String {
        let isSQLite = if case .sqlite = settings.database { true } else { false }
        // Do not show the address of PostgreSQL, which may have a password.
        let isNamed = isSQLite && settings.database.description != Settings.database.standard
        return "Reset it with: carrier user set-password supervisor"
            + (isNamed ? " --database-url '\(settings.database)'" : "")
    }

    /// Shows a generated password once, before the server listens: if that fails, the start fails.
    func showGeneratedPassword() throws {
        guard isFirstStart, password == nil else { return }
        do {
            try say("Sign in as supervisor, password \(generatedPassword) (shown this once).")
        } catch {
            throw CommandFailure("\(error) The generated password was not shown. \(resetAdvice)")
        }
    }

    func show(logger: Logger) {
        let isText = settings.logFormat == .text
        if isText {
            try? say(
                """
                Telecom Carrier \(Carrier.version) is ready.
                  Console      \(address)/
                  API          \(address)/api/v1/numbers
                  Description  \(address)/docs, \(address)/api/v1/openapi.json
                  Inventory    \(settings.database)
                """)
        } else {
            logger.notice("ready", metadata: ["address": "\(address)"])
        }
        // A password is never logged, whatever the format, because logs are kept.
        let known = Self.developmentPassword
        guard settings.api.noAuth == .off else { return }
        if password?.bytes.elementsEqual(known.utf8) == true {
            try? say("  Sign in      supervisor, password \(known), unless it was changed")
        }
        if isText, !isFirstStart { try? say("  Password     \(resetAdvice)") }
    }

    private func say(_ text: String) throws {
        // `print` would buffer the text if standard output is a pipe.
        let text = text.showingInvisibles(keepsLineBreaks: true) + "\n"
        try OpenFile.standardOutput.write(Array(text.utf8))
    }
}
