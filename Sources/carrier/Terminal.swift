internal import ArgumentParser
internal import Foundation
internal import Inventory

/// Prints a line to standard output, with its invisible characters shown.
///
/// This hides Swift's function of the same name, so that no command can forget that what it prints may
/// come from a file, a database or the command line.
func print(_ line: String, terminator: String = "\n") {
    Swift.print(line.showingInvisibles(), terminator: terminator)
}

extension Carrier {
    static func main() async {
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(saying: error)
        }
    }

    /// Ends the program as its library does, but shows invisible characters of the message.
    private static func exit(saying error: any Error) -> Never {
        let status = exitCode(for: error)
        let text = fullMessage(for: error).showingInvisibles(keepsLineBreaks: true)
        if !text.isEmpty {
            let output: FileHandle = status.isSuccess ? .standardOutput : .standardError
            try? output.write(contentsOf: Data((text + "\n").utf8))
        }
        exit(withError: status)
    }
}
