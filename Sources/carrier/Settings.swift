internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import InventoryAPI
internal import Logging

/// Every setting, its default and its rule.
///
/// A flag counts more than the environment, and that more than the default. A variable that is set
/// to nothing counts as not set.
struct Settings: CustomStringConvertible {
    let host: String
    let port: Int
    let database: DatabaseLocation
    let numberCheck: NumberCheck
    let origins: AllowedOrigins
    let proxies: [AddressRange]
    /// In seconds.
    let drain: Int
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let access: Access
    let hosts: AllowedHosts
    /// Where the first supervisor's password comes from; nil where one is to be made up.
    let supervisorPassword: PasswordSource?

    /// - Throws: ``SettingError`` for a variable, `ValidationError` for a flag that breaks its
    ///   rule.
    init(_ flags: SettingsOptions, environment: [String: String]) throws {
        let reader = SettingReader(environment: environment)
        let host = try reader.read("--host", flags.host, "HOST", default: "127.0.0.1") { text in
            guard text.contains(where: \.isWhitespace) == false else {
                throw SettingRule("an address or a host name")
            }
            return text
        }
        self.host = host
        port = try reader.read("--port", flags.port, "PORT", default: 8080) { text in
            guard let port = UInt16(text) else { throw SettingRule("a port, 0 to 65535") }
            return Int(port)
        }
        let passwordFile = environment["DATABASE_PASSWORD_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        database = try reader.read(
            "--database-url", flags.databaseURL, "DATABASE_URL",
            default: .sqlite(path: "data/inventory.sqlite")
        ) { text in
            try DatabaseLocation(text, passwordFile: passwordFile)
        }
        numberCheck = try reader.read(
            "--number-check", flags.numberCheck, "NUMBER_CHECK", default: .possible)
        origins = try reader.read(
            "--cors-origins", flags.corsOrigins, "CORS_ORIGINS", default: .some([]),
            AllowedOrigins.init(setting:))
        proxies = try reader.read(
            "--trusted-proxies", flags.trustedProxies, "TRUSTED_PROXIES", default: []
        ) { text in
            try text.split(separator: ",").map { item in
                guard let range = AddressRange(item.trimmingBlanks()) else {
                    throw SettingRule("a comma-separated list such as 127.0.0.1,10.0.0.0/8")
                }
                return range
            }
        }
        drain = try reader.read("--drain", flags.drain, "DRAIN_SECONDS", default: 0) { text in
            guard let seconds = Int(text), (0...60).contains(seconds) else {
                throw SettingRule("0 to 60 seconds")
            }
            return seconds
        }
        logLevel = try reader.read("--log-level", flags.logLevel, "LOG_LEVEL", default: .info)
        logFormat = try reader.read("--log-format", flags.logFormat, "LOG_FORMAT", default: .text)
        let noAuth = try reader.read("--no-auth", flags.noAuth, "NO_AUTH", default: NoAuth.off) {
            try NoAuth($0, host: host)
        }
        access = noAuth == .off ? .users : .everybody
        hosts = noAuth == .loopback ? .loopback : .all
        supervisorPassword = try PasswordSource(environment: environment)
    }

    var description: String {
        let proxies = proxies.isEmpty ? "none" : proxies.map(\.description).joined(separator: ",")
        let password = supervisorPassword?.description ?? "none"
        return """
            host=\(host) port=\(port) database-url=\(database) number-check=\(numberCheck.rawValue) \
            cors-origins=\(origins.setting) trusted-proxies=\(proxies) \
            drain=\(drain) log-level=\(logLevel) log-format=\(logFormat.rawValue) \
            no-auth=\(access == .everybody) supervisor-password=\(password)
            """
    }
}

enum LogFormat: String, CaseIterable {
    case text
    case json
}

extension AllowedOrigins {
    fileprivate init(setting text: String) throws {
        let items = text.split(separator: ",").map { $0.trimmingBlanks() }
        if items == ["*"] {
            self = .all
            return
        }
        for item in items {
            guard let url = URL(string: item), let scheme = url.scheme, url.host != nil,
                ["http", "https"].contains(scheme), !item.hasSuffix("/"), url.path.isEmpty
            else {
                throw SettingRule("* or a comma-separated list such as https://shop.example")
            }
        }
        self = .some(Set(items))
    }

    fileprivate var setting: String {
        switch self {
        case .all: "*"
        case .some(let origins): origins.isEmpty ? "none" : origins.sorted().joined(separator: ",")
        }
    }
}

/// Whom the program answers without asking who it is.
private enum NoAuth: String {
    case off = "0"
    /// Everybody on this machine.
    case loopback = "1"
    case anyAddress = "any-address"

    init(_ text: String, host: String) throws {
        guard let value = NoAuth(rawValue: text) else {
            throw SettingRule("0, 1 or any-address")
        }
        let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
        guard value != .loopback || isLoopback else {
            throw SettingRule("any-address to let everybody on \(host) change the numbers")
        }
        self = value
    }
}

/// Where a password comes from; its description does not tell it.
enum PasswordSource: CustomStringConvertible {
    case environment(String)
    case file(path: String)

    fileprivate init?(environment: [String: String]) throws {
        let text = environment["SUPERVISOR_PASSWORD"].flatMap { $0.isEmpty ? nil : $0 }
        let path = environment["SUPERVISOR_PASSWORD_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        switch (text, path) {
        case (nil, nil): return nil
        case (let text?, nil): self = .environment(text)
        case (nil, let path?): self = .file(path: path)
        case (.some, .some):
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

/// What a setting must be: the end of the sentence that starts with its name.
struct SettingRule: Error {
    let expectation: String

    init(_ expectation: String) {
        self.expectation = expectation
    }
}

/// A variable of the environment that breaks its rule.
struct SettingError: Error, CustomStringConvertible {
    let description: String
}

private struct SettingReader {
    let environment: [String: String]

    func read<Value>(
        _ flag: String, _ argument: String?, _ variable: String, default: Value,
        _ rule: (String) throws -> Value
    ) throws -> Value {
        do {
            if let argument { return try rule(argument) }
            guard let text = environment[variable], !text.isEmpty else { return `default` }
            return try rule(text)
        } catch let rule as SettingRule {
            guard argument == nil else {
                throw ValidationError("\(flag) must be \(rule.expectation).")
            }
            throw SettingError(description: "\(variable) must be \(rule.expectation).")
        }
    }

    func read<Value: CaseIterable & RawRepresentable<String>>(
        _ flag: String, _ argument: String?, _ variable: String, default: Value
    ) throws -> Value {
        try read(flag, argument, variable, default: `default`) { text in
            guard let value = Value(rawValue: text.lowercased()) else {
                let names = Value.allCases.map(\.rawValue)
                throw SettingRule("one of \(names.joined(separator: ", "))")
            }
            return value
        }
    }
}
