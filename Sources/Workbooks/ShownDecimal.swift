/// The decimal number that a spreadsheet shows for a stored one. It stores binary fractions with up
/// to 17 digits, and shows 15: `0.10000000000000001` is 0.1.
enum ShownDecimal {
    private static let mostDigits = 15
    private static let longest = 64
    private static let exponents = -400...400

    /// Returns nil if the text is not a number such as `3.5000000000000003E-2`.
    static func text(_ stored: String) -> String? {
        guard stored.utf8.count <= longest else { return nil }
        let parts = stored.lowercased().split(
            separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = parts[0].split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isNegative = mantissa[0].utf8.first == UInt8(ascii: "-")
        let whole = isNegative ? mantissa[0].dropFirst() : mantissa[0]
        let fraction = mantissa.count == 2 ? mantissa[1] : ""
        let digits = (whole + fraction).utf8.map { Int($0) - 48 }
        let exponent = parts.count == 2 ? Int(parts[1]) : 0
        guard let exponent, exponents.contains(exponent), !digits.isEmpty,
            digits.allSatisfy((0...9).contains)
        else { return nil }
        let shown = rounded(digits, pointAt: whole.utf8.count + exponent)
        return isNegative && shown != "0" ? "-" + shown : shown
    }

    /// - Parameter point: How many digits precede the decimal point; may be negative.
    private static func rounded(_ stored: [Int], pointAt point: Int) -> String {
        var digits = Array(stored.drop { $0 == 0 })
        var point = point - (stored.count - digits.count)
        let isUp = digits.count > mostDigits && digits[mostDigits] >= 5
        digits = Array(digits.prefix(mostDigits))
        if isUp {
            while digits.last == 9 { digits.removeLast() }
            if let last = digits.popLast() {
                digits.append(last + 1)
            } else {
                (digits, point) = ([1], point + 1)
            }
        }
        while digits.last == 0 { digits.removeLast() }
        guard !digits.isEmpty else { return "0" }
        let zeros = { String(repeating: "0", count: max(0, $0)) }
        let text = digits.map(String.init).joined()
        if point <= 0 { return "0." + zeros(-point) + text }
        guard point < digits.count else { return text + zeros(point - digits.count) }
        return text.prefix(point) + "." + text.dropFirst(point)
    }
}
