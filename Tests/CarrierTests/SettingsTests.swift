import Foundation
import Testing

/// Each setting is declared once, and told alike everywhere.
@Suite struct SettingsTests {
    /// The rows of the table in docs/configuration.md that have a flag and a variable.
    private func documented() throws -> [(flag: String, variable: String, standard: String)] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/configuration.md").standardized
        let rows = try String(contentsOf: file, encoding: .utf8).matches(
            of: /\| `(--[a-z-]+)` \| `([A-Z_]+)` \| `?([^`|]*)`? \|/)
        return rows.map { row in
            let standard = row.3.trimmingCharacters(in: .whitespaces)
            return (String(row.1), String(row.2), standard.isEmpty ? "none" : standard)
        }
    }

    private func help(_ command: [String]) throws -> String {
        // However the lines are broken.
        try carrier(command + ["--help"]).output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test func theHelpAndTheDocumentSayTheSame() throws {
        let help = try help(["serve"])
        let documented = try documented()
        #expect(documented.count > 8)
        for (flag, variable, standard) in documented {
            #expect(help.contains(flag + " "))
            #expect(
                help.contains("(environment: \(variable), default: \(standard))"), "\(variable)")
        }
        let told = Set(help.matches(of: /environment: ([A-Z_]+),/).map { String($0.1) })
        #expect(told == Set(documented.map(\.variable)))
    }

    @Test(arguments: [
        (["seed"], ["--database-url", "--count", "--seed", "--add"]),
        (["user", "list"], ["--database-url"]),
        (["user", "add"], ["--database-url", "--role"]),
        (["health"], ["--host", "--port"]),
        (["copy"], ["--from", "--to"]),
    ])
    func aCommandShowsTheFlagsThatItUses(command: [String], flags: [String]) throws {
        let told = Set(try help(command).matches(of: /--[a-z-]+/).map { String($0.0) })
        #expect(told.subtracting(["--help", "--version"]) == Set(flags))
    }

    @Test func aFlagOfAnotherCommandIsRefused() throws {
        let result = try carrier(["user", "list", "--port", "80"])
        #expect(result.status == 64)
        #expect(result.errors.contains("Unknown option '--port'"))
    }

    @Test func aVariableThatIsSetToNothingCountsAsNotSet() throws {
        try withFolder { folder in
            _ = try carrier(["seed", "--count", "3"], in: folder)
            // With a password file of no name, another error would come before.
            let result = try carrier(
                ["copy", "--from", "sqlite:data/inventory.sqlite", "--to", "sqlite:copy.sqlite"],
                environment: ["DATABASE_PASSWORD_FILE": "", "PORT": ""], in: folder)
            #expect(result.output == "Copied 3 numbers and 0 users.\n", "\(result.errors)")
            let wrong = try carrier(
                [
                    "copy", "--from", "sqlite:data/inventory.sqlite", "--to",
                    "postgres://nobody@127.0.0.1:1/none?sslmode=nonsense",
                ], environment: ["DATABASE_PASSWORD_FILE": ""], in: folder)
            #expect(wrong.errors.contains("Cannot connect to the database"), "\(wrong.errors)")
        }
    }
}
