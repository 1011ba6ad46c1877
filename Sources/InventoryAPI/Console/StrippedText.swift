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
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
