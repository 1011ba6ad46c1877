internal import ArgumentParser
internal import CRevision
@preconcurrency internal import Foundation
internal import Inventory

@main
struct Carrier: AsyncParsableCommand {
    static let version = "2.0.0"
    /// The revision of the sources; nil if the build did not set it.
    static let revision = {
        let text = String(cString: carrierRevision())
        return text.isEmpty ? nil : text
    }()

    static let configuration = CommandConfiguration(
        commandName: "carrier",
        abstract: "Telecom Carrier: the inventory of phone numbers that a carrier has for sale.",
        version: """
            \(revision.map { "\(version) (\($0))" } ?? version)
            Number tables: \(PhoneNumber.tables)
            """,
        subcommands: [
            Serve.self, Health.self, Migrate.self, Seed.self, Users.self, History.self, Undo.self,
            Import.self, Export.self, Copy.self, Check.self, Backup.self,
        ])

    /// Runs the command, and exits with its status: 0, 64 for wrong usage, or 1 for other errors.
    static func main() async {
        occupyClosedStreams()
        // By default, a write beyond the limit of file sizes ends the program; make it fail.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try await asyncParseAsRoot()
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                try flushOutput(" The command was done.")
            } catch let error as ValidationError {
                // The parser would add the usage of `carrier`, not of the command.
                writeToStandardError("Error: \(error.message)\n")
                throw ExitCode.validationFailure
            } catch  where exitCode(for: error) == .failure && !(error is ExitCode) {
                throw CommandFailure(error)
            }
        } catch {
            end(with: error)
        }
    }

    /// Replaces closed standard streams, so no file gets their descriptors. Using them still fails.
    private static func occupyClosedStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            // `open` returns the lowest free number.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    private static func flushOutput(_ outcome: String = "") throws {
        let number = fflush(stdout) == 0 ? EIO : errno
        guard number == EIO, ferror(stdout) == 0 else {
            throw CommandFailure("Standard output cannot be written", number, outcome)
        }
    }

    private static func end(with error: any Error) -> Never {
        let status = exitCode(for: error)
        let text = fullMessage(for: error).showingInvisibles(keepsLineBreaks: true)
        guard status == .success else {
            if !text.isEmpty { writeToStandardError(text + "\n") }
            exit(withError: status)
        }
        // This is a help text; writing it may fail, too.
        Swift.print(text)
        do {
            try flushOutput()
        } catch {
            end(with: error)
        }
        exit()
    }
}

/// Hides Swift's `print`, to show invisible characters in texts from files, databases and users.
func print(_ line: String, terminator: String = "\n") {
    Swift.print(line.showingInvisibles(), terminator: terminator)
}

func writeToStandardError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}
