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
    ///
    /// Other texts are normalised before they are compared, hashed or matched, which takes a time that
    /// grows with the square of the marks on one letter: seconds for what fits into one request. So
    /// what a client sent is bounded, found to be ASCII or compared by its bytes before anything else.
    @inlinable package var isASCII: Bool {
        // Most texts lie in one piece, which is looked through several times as fast.
        utf8.withContiguousStorageIfAvailable { bytes in bytes.allSatisfy { $0 < 0x80 } }
            ?? utf8.allSatisfy { $0 < 0x80 }
    }

    /// Whether both are the same, byte by byte.
    @inlinable package func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// Whether there is nothing but white space in it.
    package var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// The text for a message: all of it, or how it begins, with its invisible characters shown.
    package var shortened: String {
        guard utf8.count > 64 else { return showingInvisibles() }
        let beginning = String.UnicodeScalarView(unicodeScalars.prefix(16))
        return String(beginning).showingInvisibles() + "…"
    }

    /// The text with each invisible character written as `\u{1B}`: text from outside could send
    /// commands to a terminal, or look like another text.
    package func showingInvisibles(keepsLineBreaks: Bool = false) -> String {
        // Most texts have none.
        if utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return String(self) }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isInvisible, !(keepsLineBreaks && scalar == "\n") {
                text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// Without the white space at both ends.
    package func trimmingBlanks() -> String {
        // Most texts have none, which is told sooner than what Unicode knows of each character.
        let visible = Unicode.Scalar("!")..."~"
        if let first = unicodeScalars.first, let last = unicodeScalars.last, visible ~= first,
            visible ~= last
        {
            return String(self)
        }
        let blank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let start = unicodeScalars.drop(while: blank)
        guard let end = start.lastIndex(where: { !blank($0) }) else { return "" }
        return String(String.UnicodeScalarView(start[...end]))
    }
}
