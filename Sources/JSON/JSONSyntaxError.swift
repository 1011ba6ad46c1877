/// Why a text is no JSON, and at which place.
package struct JSONSyntaxError: Error, Equatable {
    /// What is wrong, such as "unexpected end".
    package let reason: String
    /// The number of the line, from 1.
    package let line: Int
    /// The number of the character in its line, from 1.
    package let column: Int
}
