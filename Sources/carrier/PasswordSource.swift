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
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw SettingError(
                    description: "SUPERVISOR_PASSWORD_FILE, \(path), cannot be read.")
            }
            // Editors and echo end a file with a line break, which is no part of the password.
            return try Self.check(
                text.trimmingCharacters(in: .newlines), "The password in \(path)")
        }
    }

    private static func check(_ text: String, _ name: String) throws -> Password {
        do throws(Refusal) {
            return try Password(chosen: text)
        } catch {
            throw SettingError(description: "\(name) \(error.reason).")
        }
    }
}
