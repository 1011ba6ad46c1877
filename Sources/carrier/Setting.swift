internal import ArgumentParser

/// One thing that an operator decides, declared once: what it is called, what it is where nobody
/// decides it, its rule, and what the help says.
struct Setting<Value: Sendable>: Sendable {
    /// Without its dashes; nil where there is a variable alone.
    let flag: String?
    /// Of the environment.
    let variable: String
    /// What stands where nothing is said, as one would write it; empty for nothing.
    let standard: String
    let help: String
    /// What the help calls the value.
    let valueName: String?
    /// - Throws: ``SettingRule`` where the text breaks the rule.
    let parse: @Sendable (String) throws -> Value

    init(
        flag: String? = nil, variable: String, standard: String = "", help: String = "",
        valueName: String? = nil, parse: @escaping @Sendable (String) throws -> Value
    ) {
        self.flag = flag
        self.variable = variable
        self.standard = standard
        self.help = help
        self.valueName = valueName
        self.parse = parse
    }

    /// What is decided: by the flag, else by the variable, else by nobody.
    ///
    /// A variable that is set to nothing counts as not set.
    ///
    /// - Throws: ``SettingError`` for a variable, `ValidationError` for a flag that breaks its rule.
    func value(_ argument: String? = nil, environment: [String: String]) throws -> Value {
        do {
            if let argument { return try parse(argument) }
            guard let text = environment[variable], !text.isEmpty else {
                return try parse(standard)
            }
            return try parse(text)
        } catch let rule as SettingRule {
            guard argument == nil, environment[variable]?.isEmpty == false else {
                throw ValidationError("--\(flag ?? variable) must be \(rule.expectation).")
            }
            throw SettingError(description: "\(variable) must be \(rule.expectation).")
        }
    }

    fileprivate var explanation: ArgumentHelp {
        let standard = standard.isEmpty ? "none" : standard
        return ArgumentHelp(
            "\(help) (environment: \(variable), default: \(standard))", valueName: valueName)
    }

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

    /// The flag of a setting, which stands for `value` where it has none.
    init<Decided>(_ setting: Setting<Decided>, alone value: String) {
        self.init(
            wrappedValue: nil, name: setting.name, defaultAsFlag: value, help: setting.explanation)
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
