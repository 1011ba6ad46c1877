package import Inventory

/// A password that is made up, to be shown once.
package struct GeneratedPassword: Sendable {
    package let text: String

    /// Makes one of 20 random characters, which is some 100 bits.
    package init() {
        // Characters that are mistaken for others when they are read out or copied by hand are left out.
        let characters = "abcdefghijkmnpqrstuvwxyz23456789"
        let groups = (0..<4).map { _ in
            String((0..<5).compactMap { _ in characters.randomElement() })
        }
        text = groups.joined(separator: "-")
    }

    package var password: Password { Password(presented: text) }
}
