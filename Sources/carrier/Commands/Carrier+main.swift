internal import ArgumentParser
@preconcurrency internal import Foundation
internal import Inventory

extension Carrier {
    /// Runs the command that the arguments name, and ends the program with its exit status: 0, 64 for wrong
    /// usage, and else 1.
    static func main() async {
        occupyClosedStreams()
        // By default a write beyond a limit of file sizes ends the program; it shall be an error.
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
            } catch {
                throw failure(error)
            }
        } catch {
            end(with: error)
        }
    }

    /// Replaces each closed standard stream, so that no file that is opened later gets its number.
    ///
    /// Reading and writing still fail.
    private static func occupyClosedStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            // `open` returns the lowest free number.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// - Parameter outcome: What the message says beside the reason.
    /// - Throws: ``FileError`` if something that was printed could not be written.
    private static func flushOutput(_ outcome: String = "") throws {
        let number = fflush(stdout) == 0 ? EIO : errno
        guard number == EIO, ferror(stdout) == 0 else {
            let error = FileError("Standard output cannot be written", number)
            throw FileError(description: error.description + outcome)
        }
    }

    /// Turns the error of a command into a message.
    ///
    /// A request for help, wrong usage and an exit status stay as they are.
    private static func failure(_ error: any Error) -> any Error {
        let isFailure = exitCode(for: error) == .failure && !(error is ExitCode)
        return isFailure ? CommandFailure(error) : error
    }

    private static func end(with error: any Error) -> Never {
        let status = exitCode(for: error)
        let text = fullMessage(for: error).showingInvisibles(keepsLineBreaks: true)
        guard status == .success else {
            if !text.isEmpty {
                try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
            }
            exit(withError: status)
        }
        // A help text; writing it may fail, too.
        Swift.print(text)
        do {
            try flushOutput()
        } catch {
            end(with: error)
        }
        exit()
    }
}
