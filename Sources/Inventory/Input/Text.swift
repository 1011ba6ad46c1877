extension Unicode.Scalar {
    /// Whether the character is invisible, so it must not distinguish two texts.
    var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            true
        default: properties.isDefaultIgnorableCodePoint
        }
    }
}

extension StringProtocol {
    /// Swift compares ASCII byte by byte. It normalizes other texts before it compares, hashes or
    /// matches them. If one letter has many marks, that takes quadratic time: seconds for one
    /// request's text. So bound a client's text, check that it is ASCII or compare its bytes first.
    @inlinable package var isASCII: Bool {
        // Contiguous bytes, which most texts have, are checked several times as fast.
        utf8.withContiguousStorageIfAvailable { bytes in bytes.allSatisfy { $0 < 0x80 } }
            ?? utf8.allSatisfy { $0 < 0x80 }
    }

    @inlinable package func hasSameBytes(as other: some StringProtocol) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // Contiguous bytes are compared faster, too.
        let isEqual: Bool?? = utf8.withContiguousStorageIfAvailable { bytes in
            other.utf8.withContiguousStorageIfAvailable { bytes.elementsEqual($0) }
        }
        return isEqual.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
    }

    /// The text or its beginning for a message. Its invisible characters are shown.
    package var shortened: String {
        guard utf8.count > 64 else { return showingInvisibles() }
        let beginning = String.UnicodeScalarView(unicodeScalars.prefix(16))
        return String(beginning).showingInvisibles() + "…"
    }

    /// Writes each invisible character as `\u{1B}`. A client's text could otherwise send commands
    /// to a terminal, or look like another text.
    package func showingInvisibles(keepsLineBreaks: Bool = false) -> String {
        // Most texts are visible ASCII with contiguous bytes, which are checked fast.
        let isVisible = utf8.withContiguousStorageIfAvailable { bytes in
            bytes.allSatisfy { 0x20...0x7E ~= $0 }
        }
        if isVisible == true { return String(self) }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isInvisible, !(keepsLineBreaks && scalar == "\n") {
                text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    package func trimmingBlanks() -> String { trimming { $0.properties.isWhitespace } }

    /// The text without the characters around it for which `isBlank` is true; no visible ASCII is
    /// blank.
    @inlinable package func trimming(_ isBlank: (Unicode.Scalar) -> Bool) -> String {
        // Looking up the properties of a scalar takes longer.
        let isVisible = { (scalar: Unicode.Scalar) in
            0x21...0x7E ~= scalar.value || !isBlank(scalar)
        }
        let scalars = Substring(self).unicodeScalars
        guard let start = scalars.firstIndex(where: isVisible),
            let end = scalars.lastIndex(where: isVisible)
        else { return "" }
        return String(Substring(scalars[start...end]))
    }
}

extension UInt8 {
    @inlinable package var isDigit: Bool { 0x30...0x39 ~= self }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    @inlinable package var hexadecimal: String {
        let digit = { (value: UInt8) in value < 10 ? 0x30 + value : 0x61 + value - 10 }
        let digits = reduce(into: [UInt8]()) { digits, byte in
            digits.append(digit(byte >> 4))
            digits.append(digit(byte & 0x0F))
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
