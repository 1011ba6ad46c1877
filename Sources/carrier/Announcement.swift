internal import Foundation
internal import Inventory
internal import Logging

/// What standard output, or the log, says once the server takes requests.
struct Announcement {
    let settings: ServeSettings
    let port: Int
    /// The first supervisor's password where it was made up, which is shown this once.
    let generatedPassword: String?
    /// Whether the first supervisor was given ``developmentPassword``.
    let isForDevelopment: Bool

    /// What docker-compose.yml, the Makefile and README.md give the first supervisor: it is no secret.
    static let developmentPassword = "development-only"

    private var address: String {
        // A browser cannot go to the addresses that stand for all.
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
        // A password never goes through the log, whatever its format, because logs are kept.
        if isForDevelopment {
            say(
                "  Sign in      supervisor, password \(Self.developmentPassword), unless it was changed"
            )
        }
        if let generatedPassword {
            say("  Sign in      supervisor, password \(generatedPassword) (shown this once)")
        }
    }

    private func say(_ text: String) {
        // print would keep the text back where standard output is a pipe.
        let text = text.showingInvisibles(keepsLineBreaks: true) + "\n"
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
