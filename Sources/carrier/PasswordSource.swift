internal import Foundation
internal import Inventory

/// Where a password comes from; its description does not tell it.
enum PasswordSource: CustomStringConvertible {
    case environment(String)
    case file(path: String)

    /// Nil where neither is set.
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

    /// - Throws: ``SettingError`` where there is none, or a bad one.
    func read() throws -> Password {
        switch self {
        case .environment(let text):
            return try Self.check(text, "SUPERVISOR_PASSWORD")
        case .file(let path):
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw SettingError(
                    description: "SUPERVISOR_PASSWORD_FILE, \(path), cannot be read.")
            }
            // Editors and echo end a file with a line break, which nobody means.
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
