extension Unicode.Scalar {
    /// Control and format characters, and those that only pretend to be there: a person cannot see
    /// them, so they must not make two texts differ.
    var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            true
        default:
            properties.isDefaultIgnorableCodePoint
        }
    }
}

extension StringProtocol {
    /// Whether all of it is ASCII, which Swift compares byte by byte.
    package var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    /// Without the white space at both ends.
    package func trimmingBlanks() -> String {
        let blank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let start = unicodeScalars.drop(while: blank)
        guard let end = start.lastIndex(where: { !blank($0) }) else { return "" }
        return String(String.UnicodeScalarView(start[...end]))
    }
}
