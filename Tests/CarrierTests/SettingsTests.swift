import Foundation
import Testing

@Suite struct SettingsTests {
    private struct Row {
        let flags: [String]
        let variables: [String]
        let standards: [String]
    }

    private func documentedRows() throws -> [Row] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/configuration.md").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .drop { !$0.hasPrefix("| flag | environment | default |") }
            .dropFirst(2).prefix { $0.hasPrefix("|") }
        return try lines.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
            let quoted = cells.prefix(3).map { $0.matches(of: /`([^`]*)`/).map { String($0.1) } }
            try #require(quoted.count == 3)
            return Row(flags: quoted[0], variables: quoted[1], standards: quoted[2])
        }
    }

    @Test func helpAndDocumentListTheSameSettings() async throws {
        try await Workspace.with { workspace in
            let help = try workspace.help("serve")
            let rows = try documentedRows()
            for row in rows {
                for flag in row.flags { #expect(help.contains(flag + " ")) }
                guard !row.flags.isEmpty, let variable = row.variables.first else { continue }
                let standard = row.standards.first ?? "none"
                #expect(
                    help.contains("(environment: \(variable), default: \(standard))"),
                    "\(variable)")
            }
            let withFlag = help.matches(of: /environment: ([A-Z_]+),/).map { String($0.1) }
            let withoutFlag = help.matches(of: /([A-Z_]+): The\b/).map { String($0.1) }
            #expect(withFlag.count >= 10)
            #expect(withoutFlag.count >= 3)
            #expect(rows.flatMap(\.variables).sorted() == (withFlag + withoutFlag).sorted())
        }
    }

    @Test func logHasEverySetting() async throws {
        try await Workspace.with { workspace in
            try Data(repeating: 0x78, count: 5_000).write(
                to: workspace.folder.appending(path: "notes.txt"))
            // The server starts, logs its settings, and ends because the file is no inventory.
            let run = try workspace.carrier("serve --database-url sqlite:notes.txt")
            let settings = try #require(
                run.errors.firstMatch(of: /starting settings="([^"]*)"/)?.output.1)
            let logged = settings.matches(of: /([a-z-]+)=/).map { String($0.1) }
            let flags = try workspace.help("serve").matches(of: /--([a-z-]+)/).map { String($0.1) }
            #expect(
                Set(logged)
                    == Set(flags).subtracting(["console-files", "demo", "help", "version"])
                    .union(["supervisor-password"]))
        }
    }

    @Test(arguments: [
        ("seed", ["--database-url", "--count", "--seed", "--add"]),
        ("user list", ["--database-url"]),
        ("user add", ["--database-url", "--role"]),
        ("health", ["--host", "--port", "--reads"]),
        ("copy", ["--from", "--to"]),
        ("migrate", ["--database-url", "--finish"]),
    ])
    func helpHasTheFlagsOfTheCommand(command: String, flags: [String]) async throws {
        try await Workspace.with { workspace in
            let shown = try workspace.help(command).matches(of: /--[a-z-]+/).map { String($0.0) }
            #expect(Set(shown).subtracting(["--help", "--version"]) == Set(flags))
        }
    }

    @Test func emptyVariablesCountAsNotSet() async throws {
        try await Workspace.with(numbers: 3) { workspace in
            let copy = "copy --from sqlite:data/inventory.sqlite --to "
            // If empty variables counted as set, the missing password file would be the error.
            let result = try workspace.carrier(
                copy + "sqlite:copy.sqlite",
                environment: ["DATABASE_PASSWORD_FILE": "", "PORT": ""])
            #expect(result.output == "Copied 3 numbers and 0 users.\n", "\(result.errors)")
            let wrong = try workspace.carrier(
                copy + "postgres://nobody@127.0.0.1:1/none?sslmode=nonsense",
                environment: ["DATABASE_PASSWORD_FILE": ""])
            #expect(wrong.errors.contains("Cannot connect to the database"), "\(wrong.errors)")
        }
    }
}
