internal import ArgumentParser
internal import Foundation
internal import Inventory

struct Setting<Value: Sendable>: Sendable {
    /// The flag without dashes.
    let name: String
    /// The default as an operator would write it; empty for none.
    var standard = ""
    let help: String
    /// - Throws: ``InvalidValue`` if the text breaks the rule.
    let parse: @Sendable (String) throws -> Value

    var variable: String {
        // This variable is older than the rule, and keeps its name.
        name == "drain" ? "DRAIN_SECONDS" : name.uppercased().replacing("-", with: "_")
    }

    /// The value of the flag, else of the variable unless that is empty, else the default. `flag`
    /// is the flag's other name, if any; `rule` throws ``InvalidValue``.
    func value(
        _ argument: String? = nil, flag: String? = nil, _ rule: (Value) throws -> Void = { _ in }
    ) throws -> Value {
        let given = ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        let text = argument ?? given ?? standard
        do {
            let value = try parse(text)
            try rule(value)
            return value
        } catch let error as InvalidValue {
            guard argument == nil, given != nil else {
                throw ValidationError("--\(flag ?? name) \(error.reason).")
            }
            throw CommandFailure("\(variable) \(error.reason).")
        }
    }
}

extension Setting where Value: CaseIterable & RawRepresentable<String> {
    /// One of a few words, in letters of any case.
    init(name: String, standard: Value, help: String) {
        self.init(name: name, standard: standard.rawValue, help: help) { text in
            guard let value = Value(rawValue: text.lowercased()) else {
                let names = Value.allCases.map(\.rawValue)
                throw InvalidValue(text, mustBe: "one of \(names.joined(separator: ", "))")
            }
            return value
        }
    }
}

extension Option where Value == String? {
    /// - Parameter value: What the flag means without a value; nil if it needs one.
    init<Parsed>(_ setting: Setting<Parsed>, alone value: String? = nil) {
        let standard = setting.standard.isEmpty ? "none" : setting.standard
        let name = NameSpecification.customLong(setting.name)
        let help: ArgumentHelp =
            "\(setting.help) (environment: \(setting.variable), default: \(standard))"
        if let value {
            self.init(wrappedValue: nil, name: name, defaultAsFlag: value, help: help)
        } else {
            self.init(name: name, help: help)
        }
    }
}

extension InvalidValue {
    /// The message shows `text`, which therefore must not have a password.
    init(_ text: String, mustBe expectation: String) {
        self.init("must be \(expectation). It is \(text.isEmpty ? "empty" : text.shortened)")
    }
}
