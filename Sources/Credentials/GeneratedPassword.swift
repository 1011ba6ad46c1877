package import Inventory

/// A password that is made up, to be shown once.
package struct GeneratedPassword: Sendable {
    package let text: String

    /// 20 random characters, some 100 bits.
    package init() {
        // Without those that are mistaken for others when they are read out or copied by hand.
        let characters = "abcdefghijkmnpqrstuvwxyz23456789"
        let groups = (0..<4).map { _ in
            String((0..<5).compactMap { _ in characters.randomElement() })
        }
        text = groups.joined(separator: "-")
    }

    package var password: Password { Password(presented: text) }
}
