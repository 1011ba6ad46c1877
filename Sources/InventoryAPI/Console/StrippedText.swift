internal import Inventory

extension [UInt8] {
    /// A file of the console without indentation, empty lines and comments that begin a line, so
    /// that browsers load fewer bytes. `ConsoleTests` forbids what would lose its meaning.
    var stripped: [UInt8] {
        var text: [UInt8] = []
        var isInComment = false
        for line in split(separator: UInt8(ascii: "\n")) {
            var line = line.drop(while: \.isBlank)
            while isInComment || line.starts(with: "/*".utf8) {
                let content = line.dropFirst(isInComment ? 0 : 2)
                guard let end = content.firstRange(of: "*/".utf8)?.upperBound else {
                    (isInComment, line) = (true, [])
                    break
                }
                isInComment = false
                line = content[end...].drop(while: \.isBlank)
            }
            guard !line.isEmpty, !line.starts(with: "//".utf8) else { continue }
            text += line
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// A stripped script without blanks beside punctuation, and without the line breaks after it.
    /// Lines of a template literal keep their blanks.
    var compacted: [UInt8] {
        var text: [UInt8] = []
        var isInTemplate = false
        for line in split(separator: UInt8(ascii: "\n")) {
            let quotes = line.count { $0 == UInt8(ascii: "`") }
            text += isInTemplate ? [UInt8](line) : line.compacted
            if !quotes.isMultiple(of: 2) { isInTemplate.toggle() }
            // A comment at the end of a line must not continue.
            let isBreakNeeded =
                line.contains("//".utf8) || !",;([{".utf8.contains(line[line.endIndex - 1])
            if isBreakNeeded { text.append(UInt8(ascii: "\n")) }
        }
        return text
    }

    /// A stripped style sheet without the blanks and line breaks beside punctuation.
    var compactedStyle: [UInt8] {
        var text: [UInt8] = []
        for byte in self {
            let isBlank = byte.isBlank || byte == UInt8(ascii: "\n")
            if isBlank, let last = text.last, ":,;{}".utf8.contains(last) { continue }
            if byte == UInt8(ascii: "{"), text.last?.isBlank == true { text.removeLast() }
            text.append(byte)
        }
        return text
    }
}

extension ArraySlice<UInt8> {
    /// A line without blanks beside punctuation, up to the first slash, apostrophe or back-tick, which
    /// may begin a regular expression or a text.
    fileprivate var compacted: [UInt8] {
        var text: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for index in indices {
            let byte = self[index]
            if !isInString, "/'`".utf8.contains(byte) { return text + self[index...] }
            let next = index + 1 < endIndex ? self[index + 1] : 0
            let isBesidePunctuation = text.last?.isPunctuation == true || next.isPunctuation
            if byte.isBlank, !isInString, isBesidePunctuation { continue }
            if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            text.append(byte)
        }
        return text
    }
}

extension UInt8 {
    fileprivate var isPunctuation: Bool { "=(){}[],:?<>&|!;".utf8.contains(self) }

    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
