import Foundation
import StoreTesting
import Testing

/// The help, the log and docs/configuration.md list the same settings.
@Suite struct SettingsTests {
    /// A row of a table of settings; a cell that is empty in the table is empty here.
    private struct Row {
        let flags: [String]
        let variables: [String]
        let standards: [String]
    }

    /// The rows of the table of settings in docs/configuration.md.
    private func documentedRows() throws -> [Row] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/configuration.md").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .drop { !$0.hasPrefix("| flag | environment | default |") }
            .dropFirst(2).prefix { $0.hasPrefix("|") }
        return try lines.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
            let quoted = try cells.prefix(3).map { cell in
                cell.matches(of: try Regex("`([^`]*)`")).compactMap { $0.output[1].substring }
                    .map(String.init)
            }
            try #require(quoted.count == 3)
            return Row(flags: quoted[0], variables: quoted[1], standards: quoted[2])
        }
    }

    /// The help of a command with its line breaks and indentation taken out.
    private func help(_ command: [String]) throws -> String {
        try carrier(command + ["--help"]).output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test func theHelpAndTheDocumentSayTheSame() throws {
        let help = try help(["serve"])
        for row in try documentedRows() {
            if let flag = row.flags.first, let variable = row.variables.first {
                #expect(row.flags.count == 1 && row.variables.count == 1)
                let standard = row.standards.first ?? "none"
                #expect(help.contains(flag + " "))
                #expect(
                    help.contains("(environment: \(variable), default: \(standard))"),
                    "\(variable)")
            } else {
                for flag in row.flags { #expect(help.contains(flag + " ")) }
                for variable in row.variables { #expect(help.contains("\(variable): The ")) }
            }
        }
    }

    @Test func theDocumentTellsOfEverySetting() throws {
        let help = try help(["serve"])
        let withFlag = help.matches(of: /environment: ([A-Z_]+),/).map { String($0.1) }
        let withoutFlag = help.matches(of: /([A-Z_]+): The\b/).map { String($0.1) }
        #expect(withFlag.count >= 10)
        #expect(withoutFlag.count >= 3)
        let documented = try documentedRows().flatMap(\.variables)
        #expect(Set(documented) == Set(withFlag + withoutFlag))
        #expect(documented.count == withFlag.count + withoutFlag.count)
    }

    /// The log says at each start what holds, so that nobody has to guess where a value came from.
    @Test func theLogTellsEverySetting() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "notes.txt")
            try Data(repeating: UInt8(ascii: "x"), count: 5_000).write(to: file)
            // It starts, logs, and ends because the file is no inventory.
            let run = try carrier(["serve", "--database-url", "sqlite:\(file.path)"])
            let settings = try #require(
                run.errors.firstMatch(of: /starting settings="([^"]*)"/)?.output.1)
            let logged = settings.matches(of: /([a-z-]+)=/).map { String($0.1) }
            let flags = try help(["serve"]).matches(of: /--([a-z-]+)/).map { String($0.1) }
            #expect(
                Set(logged)
                    == Set(flags).subtracting(["console-files", "demo", "help", "version"])
                    .union(["supervisor-password"]))
        }
    }

    @Test(arguments: [
        (["seed"], ["--database-url", "--count", "--seed", "--add"]),
        (["user", "list"], ["--database-url"]),
        (["user", "add"], ["--database-url", "--role"]),
        (["health"], ["--host", "--port", "--reads"]),
        (["copy"], ["--from", "--to"]),
        (["migrate"], ["--database-url"]),
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

    @Test func aVariableThatIsSetToNothingCountsAsNotSet() async throws {
        try await withTemporaryFolder { folder in
            _ = try carrier(["seed", "--count", "3"], in: folder)
            // A password file without a name would be another error, which would come first.
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
