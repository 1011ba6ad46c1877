internal import ArgumentParser
internal import Inventory

/// One thing that an operator decides, declared once: its names, its default, its rule, and what
/// the help says of it.
struct Setting<Value: Sendable>: Sendable {
    /// The flag without its dashes; nil where the environment alone decides.
    let flag: String?
    /// The name of the environment's variable.
    let variable: String
    /// The default as an operator would write it; empty where there is none.
    let standard: String
    let help: String
    /// What the help calls the value; nil to call it what the flag is called.
    let valueName: String?
    /// Reads the value.
    ///
    /// - Throws: ``SettingRule`` where the text breaks the rule.
    let parse: @Sendable (String) throws -> Value

    init(
        flag: String? = nil, variable: String, standard: String = "", help: String,
        valueName: String? = nil, parse: @escaping @Sendable (String) throws -> Value
    ) {
        self.flag = flag
        self.variable = variable
        self.standard = standard
        self.help = help
        self.valueName = valueName
        self.parse = parse
    }

    /// The value: what the flag says, else what the variable says, else the default.
    ///
    /// A variable that is set to nothing counts as not set.
    ///
    /// - Throws: ``SettingError`` for a variable, `ValidationError` for a flag that breaks its rule.
    func value(_ argument: String? = nil, environment: [String: String]) throws -> Value {
        let given = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        let text = argument ?? given ?? standard
        do {
            return try parse(text)
        } catch let rule as SettingRule {
            guard argument == nil, given != nil else {
                throw ValidationError(rule.message(about: text, of: "--\(flag ?? variable)"))
            }
            throw SettingError(description: rule.message(about: text, of: variable))
        }
    }

    /// The same setting with one more rule.
    ///
    /// - Parameter rule: Throws ``SettingRule`` for a value that breaks it.
    func checking(_ rule: @escaping @Sendable (Value) throws -> Void) -> Setting {
        Setting(
            flag: flag, variable: variable, standard: standard, help: help, valueName: valueName
        ) { text in
            let value = try parse(text)
            try rule(value)
            return value
        }
    }

    fileprivate var explanation: ArgumentHelp {
        let standard = standard.isEmpty ? "none" : standard
        return ArgumentHelp(
            "\(help) (environment: \(variable), default: \(standard))", valueName: valueName)
    }

    /// How the help tells of a setting that has no flag.
    var lineOfHelp: String { "\(variable): \(help)" }

    fileprivate var name: NameSpecification { .customLong(flag ?? variable) }
}

extension Setting where Value: CaseIterable & RawRepresentable<String> {
    /// One of a few words, in letters of any case.
    init(flag: String, variable: String, standard: Value, help: String) {
        self.init(flag: flag, variable: variable, standard: standard.rawValue, help: help) { text in
            guard let value = Value(rawValue: text.lowercased()) else {
                let names = Value.allCases.map(\.rawValue)
                throw SettingRule("one of \(names.joined(separator: ", "))")
            }
            return value
        }
    }
}

extension Option where Value == String? {
    /// The flag of a setting.
    init<Decided>(_ setting: Setting<Decided>) {
        self.init(name: setting.name, help: setting.explanation)
    }

    /// The flag of a setting, which stands for `value` where it is written without one.
    init<Decided>(_ setting: Setting<Decided>, alone value: String) {
        self.init(
            wrappedValue: nil, name: setting.name, defaultAsFlag: value, help: setting.explanation)
    }
}

extension Setting<Int?> {
    /// The same port for a server that listens on `port` as well.
    func other(than port: Int) -> Setting {
        checking { value in
            guard value != port || port == 0 else {
                throw SettingRule("another port than --port, which is \(port)")
            }
        }
    }
}

/// A setting's rule that a text breaks.
struct SettingRule: Error {
    /// What the setting must be, the end of a sentence that starts with its name.
    private let expectation: String
    /// What is wrong with the value, without the full stop; nil if the message shows the value.
    private let reason: String?

    init(_ expectation: String, reason: String? = nil) {
        self.expectation = expectation
        self.reason = reason
    }

    func message(about text: String, of name: String) -> String {
        let reason = reason ?? "It is \(text.isEmpty ? "empty" : text.shortened)"
        return "\(name) must be \(expectation). \(reason)."
    }
}

/// A variable of the environment that breaks its rule.
struct SettingError: Error, CustomStringConvertible {
    let description: String
}
