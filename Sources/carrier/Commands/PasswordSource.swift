internal import Foundation
internal import Inventory

/// Where the first supervisor's password comes from.
///
/// The description does not tell the password.
enum PasswordSource: CustomStringConvertible {
    case environment(String)
    case file(path: String)

    /// Reads which of the two variables is set; nil where neither is.
    ///
    /// - Throws: ``SettingError`` where both are.
    init?(environment: [String: String]) throws {
        let text = try Settings.supervisorPassword.value(environment: environment)
        let path = try Settings.supervisorPasswordFile.value(environment: environment)
        switch (text.isEmpty, path.isEmpty) {
        case (true, true): return nil
        case (false, true): self = .environment(text)
        case (true, false): self = .file(path: path)
        case (false, false):
            throw SettingError(
                description: "Set SUPERVISOR_PASSWORD or SUPERVISOR_PASSWORD_FILE, not both.")
        }
    }

    var description: String {
        switch self {
        case .environment: "given"
        case .file(let path): path
        }
    }

    /// The password.
    ///
    /// - Throws: ``SettingError`` where there is none, or one that breaks the rules.
    func read() throws -> Password {
        switch self {
        case .environment(let text):
            return try Self.check(text, "SUPERVISOR_PASSWORD")
        case .file(let path):
            let variable = Settings.supervisorPasswordFile.variable
            return try Self.check(
                Self.readFile(path, namedBy: variable), "The password in \(path)")
        }
    }

    /// More bytes are not read, whatever the file is.
    private static let mostBytes = 64 * 1024

    /// The password in a file that a setting names.
    ///
    /// - Throws: ``SettingError``.
    static func readFile(_ path: String, namedBy variable: String) throws -> String {
        var bytes: [UInt8] = []
        do {
            let file = try InputFile(path == "-" ? "./-" : path)
            // A pipe gives its bytes in several pieces.
            while bytes.count < Self.mostBytes, let piece = try file.read() { bytes += piece }
        } catch {
            throw SettingError(description: "\(variable): \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingError(description: "\(variable): \(path) is not UTF-8.")
        }
        // Editors and echo end a file with a line break, which is no part of the password.
        let password = text.trimmingCharacters(in: .newlines)
        guard !password.isEmpty else {
            throw SettingError(description: "\(variable): \(path) is empty.")
        }
        return password
    }

    private static func check(_ text: String, _ name: String) throws -> Password {
        do throws(InvalidValue) {
            return try Password(chosen: text)
        } catch {
            throw SettingError(description: "\(name) \(error.reason).")
        }
    }
}
