internal import Foundation
internal import Inventory

/// Where a new password comes from; the description is for the log.
enum PasswordSource: CustomStringConvertible {
    case variable(String)
    case file(path: String)
    /// The user types it twice on a terminal, which does not show it, or sends a line to standard
    /// input.
    case prompt

    private static let mostBytes = 64 * 1024

    static func ofFirstSupervisor() throws -> PasswordSource? {
        let text = try Settings.supervisorPassword.value()
        let path = try Settings.supervisorPasswordFile.value()
        guard text.isEmpty || path.isEmpty else {
            throw CommandFailure("Set SUPERVISOR_PASSWORD or SUPERVISOR_PASSWORD_FILE, not both.")
        }
        return text.isEmpty ? path.isEmpty ? nil : .file(path: path) : .variable(text)
    }

    var description: String {
        if case .file(let path) = self { path } else { "given" }
    }

    func read() throws -> Password {
        let (text, name) =
            switch self {
            case .variable(let text): (text, Settings.supervisorPassword.variable)
            case .file(let path):
                (
                    try Self.read(path, namedBy: Settings.supervisorPasswordFile),
                    "The password in \(path)"
                )
            case .prompt: (try Self.ask(), "The password")
            }
        do throws(InvalidValue) {
            return try Password(chosen: text)
        } catch {
            throw CommandFailure("\(name) \(error.reason).")
        }
    }

    static func read(_ path: String, namedBy setting: Setting<String>) throws -> String {
        var bytes: [UInt8] = []
        do {
            let file = try OpenFile(path, O_RDONLY)
            // A pipe gives its bytes in several pieces.
            while bytes.count < Self.mostBytes, let piece = try file.read() { bytes += piece }
        } catch {
            throw CommandFailure("\(setting.variable): \(error)")
        }
        // Editors and echo end a file with a line break, which is no part of the password.
        let password = String(validating: bytes, as: UTF8.self)?.trimmingCharacters(in: .newlines)
        guard let password, !password.isEmpty else {
            let problem = password == nil ? "not UTF-8" : "empty"
            throw CommandFailure("\(setting.variable): \(path) is \(problem).")
        }
        return password
    }

    private static func ask() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine() else {
                throw CommandFailure("There is no password on standard input.")
            }
            return line
        }
        let text = try readUnseen("Password: ")
        guard try readUnseen("Again: ") == text else {
            throw CommandFailure("The two passwords differ.")
        }
        return text
    }

    private static func readUnseen(_ prompt: String) throws -> String {
        writeToStandardError(prompt)
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var unseen = shown
        unseen.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            writeToStandardError("\n")
        }
        guard let line = readLine() else { throw CommandFailure("No password was typed.") }
        return line
    }
}
