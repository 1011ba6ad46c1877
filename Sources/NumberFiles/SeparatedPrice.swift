internal import Inventory

/// Digits with one separator: `1.250` is 1250 in some countries, and 1.25 in others.
struct SeparatedPrice {
    let separator: CSVStyle.DecimalSeparator
    private let whole: Substring
    private let fraction: Substring

    init?(_ text: String) {
        guard text.utf8.count <= 64, let point = text.utf8.first(where: ".,".utf8.contains),
            let digits = DecimalDigits(text, point: point)
        else { return nil }
        separator = point == UInt8(ascii: ",") ? .comma : .point
        (whole, fraction) = (digits.whole, digits.fraction)
    }

    /// Whether the separator could separate thousands: three digits follow it, and one to three
    /// digits precede it, which do not begin with 0.
    var isAmbiguous: Bool {
        fraction.utf8.count == 3 && whole.utf8.count <= 3 && whole.utf8.first != UInt8(ascii: "0")
    }

    /// - Parameter decimal: The file's decimal separator, a different one; nil if it is not known.
    func reason(in decimal: CSVStyle.DecimalSeparator?, _ naming: OptionNaming) -> String {
        let written = "\(whole)\((decimal ?? separator).rawValue)\(fraction)"
        let readings = "could be \(whole)\(fraction) or \(written)"
        let advice = "write \(whole)\(fraction) or \(written)0"
        guard let decimal else {
            let option = naming.text("decimal", separator.rawValue)
            return "\(readings): \(advice), or give \(option) for the file"
        }
        let rule =
            "the file is read with a \(decimal.name) and cannot have two decimal separators"
        return isAmbiguous
            ? "\(readings): \(rule); \(advice)" : "must be written \(written): \(rule)"
    }
}

extension Price {
    /// Reads a price of a table. Zeros after the fourth decimal place change nothing.
    ///
    /// - Parameter decimal: The file's decimal separator; nil if it is not known.
    init(
        _ text: String, decimal: CSVStyle.DecimalSeparator?, _ naming: OptionNaming
    ) throws(InvalidValue) {
        if let price = SeparatedPrice(text), price.separator != decimal {
            throw InvalidValue(price.reason(in: decimal, naming))
        }
        guard text.utf8.count <= 64, text.isASCII else {
            try self.init(text)
            return
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let isComma =
            decimal == .comma && parts.count == 2 && !text.utf8.contains(UInt8(ascii: "."))
        let price = isComma ? parts.joined(separator: ".") : text
        if let digits = DecimalDigits(price), digits.fraction.utf8.count > 4,
            digits.fraction.utf8.dropFirst(4).allSatisfy({ $0 == UInt8(ascii: "0") })
        {
            try self.init("\(digits.whole).\(digits.fraction.prefix(4))")
        } else {
            try self.init(price)
        }
    }
}
