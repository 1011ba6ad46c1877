internal import ArgumentParser

/// The flag of every command that works on an inventory.
struct DatabaseOptions: ParsableArguments {
    @Option(Settings.database) var database: String?

    /// - Throws: ``SettingError`` and `ValidationError`.
    func location(environment: [String: String]) throws -> DatabaseLocation {
        try Settings.database.value(database, environment: environment)
            .withPassword(from: environment)
    }
}
