/// What to look for in the digits of a number.
package enum Search: Equatable, Sendable {
    case all
    /// These digits, one after the other, anywhere.
    case digits(String)
    /// Something that stands in no number.
    case nothing

    /// The most bytes that are looked at: no number takes as many, however it is formatted.
    private static let mostBytes = 256
    /// The most digits that a number has.
    static let mostDigits = 15

    /// Reads what a person typed: formatting is ignored, and what is neither that nor a digit is in
    /// no number.
    package init(_ text: String) {
        switch Self.digits(of: text) {
        case ""?: self = .all
        case let digits? where digits.utf8.count <= Self.mostDigits: self = .digits(digits)
        default: self = .nothing
        }
    }

    /// The digits of what a person typed, without their formatting; nil where there is anything else.
    static func digits(of text: String) -> String? {
        guard text.utf8.count <= mostBytes else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "0"..."9", "+", "-", ".", "(", ")": true
            default: scalar.properties.isWhitespace || scalar.properties.isDash
            }
        }
        return isPlain ? text.filter { ("0"..."9").contains($0) } : nil
    }
}
