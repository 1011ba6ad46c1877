internal import Foundation
internal import Inventory

/// Asks for a new password: twice and unseen on a terminal, and elsewhere by reading one line of
/// standard input.
struct PasswordPrompt {
    /// Why what was typed is no password, as a sentence.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Throws: ``Failure``.
    func ask() throws -> Password {
        let text: String
        if isatty(STDIN_FILENO) == 1 {
            text = try readUnseen("Password: ")
            guard try readUnseen("Again: ") == text else {
                throw Failure(description: "The two passwords differ.")
            }
        } else {
            guard let line = readLine() else {
                throw Failure(description: "There is no password on standard input.")
            }
            text = line
        }
        do throws(InvalidValue) {
            return try Password(chosen: text)
        } catch {
            throw Failure(description: "The password \(error.reason).")
        }
    }

    private func readUnseen(_ prompt: String) throws -> String {
        try FileHandle.standardError.write(contentsOf: Data(prompt.utf8))
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var unseen = shown
        unseen.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            try? FileHandle.standardError.write(contentsOf: Data("\n".utf8))
        }
        guard let line = readLine() else { throw Failure(description: "No password was typed.") }
        return line
    }
}
