/// What to look for in the digits of a number.
package enum Search: Equatable, Sendable {
    case all
    /// These digits, one after the other, anywhere.
    case digits(String)
    /// Something that stands in no number.
    case nothing

    /// The most bytes that are looked at: no number takes as many, however it is formatted.
    private static let mostBytes = 256

    /// Reads what a person typed: formatting is ignored, and what is neither that nor a digit is in
    /// no number.
    package init(_ text: String) {
        guard text.utf8.count <= Self.mostBytes else {
            self = .nothing
            return
        }
        let digits = text.filter { ("0"..."9").contains($0) }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "0"..."9", "+", "-", ".", "(", ")": true
            default: scalar.properties.isWhitespace || scalar.properties.isDash
            }
        }
        if !isPlain || digits.count > 15 {
            self = .nothing
        } else {
            self = digits.isEmpty ? .all : .digits(digits)
        }
    }
}
