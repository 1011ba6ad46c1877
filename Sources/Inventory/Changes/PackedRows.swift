/// Some rows in about as many bytes as their file has for them.
package struct PackedRows: Sendable {
    /// How many errors the rows have.
    package private(set) var errorCount = 0
    private let numberCheck: NumberCheck
    private let count: Int
    private var bytes: [UInt8] = []

    /// The parts of a row that follow.
    private struct Parts: OptionSet {
        let rawValue: UInt8

        static let errors = Parts(rawValue: 1)
        static let id = Parts(rawValue: 2)
        static let value = Parts(rawValue: 4)
        /// The digits differ from those of the text that is shown.
        static let digits = Parts(rawValue: 8)
        /// The check refuses the value.
        static let refusal = Parts(rawValue: 16)
        static let monthyPrice = Parts(rawValue: 32)
        static let setupPrice = Parts(rawValue: 64)
        static let currency = Parts(rawValue: 128)
    }

    /// - Parameter rows: In the order of their lines. More errors than a report lists are only
    ///   counted: to find their messages takes longer than to read their rows.
    /// - Parameter numberCheck: The rows' numbers were read with it.
    package init(_ rows: [ImportRow], _ numberCheck: NumberCheck) {
        self.numberCheck = numberCheck
        count = rows.count
        var lastLine = 0
        for row in rows {
            switch row {
            case .number(let line, let id, let patch): append(line - lastLine, id, patch)
            case .faulty(let line, let errors): append(line - lastLine, errors)
            }
            lastLine = row.line
        }
        bytes = Array(bytes)
    }

    private mutating func append(_ lines: Int, _ id: Int64?, _ patch: NumberPatch) {
        var parts: Parts = []
        if id != nil { parts.insert(.id) }
        if let value = patch.value {
            parts.insert(.value)
            if value.digits != Self.digits(in: value.formatted) { parts.insert(.digits) }
        }
        if patch.valueRefusal != nil { parts.insert(.refusal) }
        if patch.monthyPrice != nil { parts.insert(.monthyPrice) }
        if patch.setupPrice != nil { parts.insert(.setupPrice) }
        if patch.currency != nil { parts.insert(.currency) }
        bytes.append(parts.rawValue)
        bytes.append(Int64(lines))
        if let id { bytes.append(id) }
        if let value = patch.value {
            bytes.append(value.formatted)
            if parts.contains(.digits) { bytes.append(value.digits) }
        }
        for price in [patch.monthyPrice, patch.setupPrice] {
            if let price { bytes.append(price.tenThousandths) }
        }
        if let currency = patch.currency { bytes.append(currency.symbol) }
    }

    private mutating func append(_ lines: Int, _ errors: [FieldError]) {
        let isListed = errorCount < ImportReport.mostErrors
        bytes.append(Parts.errors.rawValue)
        bytes.append(Int64(lines))
        bytes.append(Int64(errors.count))
        for error in errors {
            // A field has a dot before it, since its name may be empty.
            bytes.append(isListed ? error.field.map { "." + $0 } ?? "" : "")
            bytes.append(isListed ? error.detail : "")
        }
        errorCount += errors.count
    }

    private static func digits(in text: String) -> String {
        String(decoding: text.utf8.filter { 0x30...0x39 ~= $0 }, as: UTF8.self)
    }
}

extension PackedRows {
    package var rows: [ImportRow] {
        var reader = ByteReader(bytes: bytes)
        var line = 0
        return (0..<count).map { _ in
            let parts = Parts(rawValue: reader.byte())
            line += Int(reader.integer())
            if parts.contains(.errors) {
                return .faulty(line: line, (0..<reader.integer()).map { _ in reader.error() })
            }
            let id = parts.contains(.id) ? reader.integer() : nil
            return .number(line: line, id: id, patch: patch(parts, &reader))
        }
    }

    private func patch(_ parts: Parts, _ reader: inout ByteReader) -> NumberPatch {
        var value: PhoneNumber?
        if parts.contains(.value) {
            let formatted = reader.text()
            let digits = parts.contains(.digits) ? reader.text() : Self.digits(in: formatted)
            value = PhoneNumber(storedDigits: digits, formatted: formatted)
        }
        let (number, check) = (value, numberCheck)
        let refusal = number.flatMap { number in
            parts.contains(.refusal) ? InvalidValue(number.refusal(check).reason) : nil
        }
        return NumberPatch(
            value: value, valueRefusal: refusal,
            monthyPrice: parts.contains(.monthyPrice) ? reader.price() : nil,
            setupPrice: parts.contains(.setupPrice) ? reader.price() : nil,
            currency: parts.contains(.currency) ? Currency(storedSymbol: reader.text()) : nil)
    }
}

extension PhoneNumber {
    /// Why a check that refused the number did so.
    fileprivate func refusal(_ check: NumberCheck) -> InvalidValue {
        (try? Reading(plain: "+" + digits, check))?.refusal ?? InvalidValue("is not a phone number")
    }
}

extension ImportRow {
    fileprivate var line: Int {
        switch self {
        case .number(let line, _, _), .faulty(let line, _): line
        }
    }
}

/// Integers take seven bits of each byte, the last of which is below 128; a text follows its length.
extension [UInt8] {
    fileprivate mutating func append(_ integer: Int64) {
        var rest = UInt64(bitPattern: integer)
        while rest >= 128 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    fileprivate mutating func append(_ text: String) {
        append(Int64(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}

private struct ByteReader {
    let bytes: [UInt8]
    private var index = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func byte() -> UInt8 {
        defer { index += 1 }
        return bytes[index]
    }

    mutating func integer() -> Int64 {
        var integer: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = byte()
            integer |= UInt64(byte & 127) << shift
            if byte < 128 { return Int64(bitPattern: integer) }
            shift += 7
        }
    }

    mutating func text() -> String {
        let end = Int(integer()) + index
        defer { index = end }
        return String(decoding: bytes[index..<end], as: UTF8.self)
    }

    mutating func price() -> Price { Price(storedTenThousandths: integer()) }

    mutating func error() -> FieldError {
        let (field, detail) = (text(), text())
        return FieldError(field: field.isEmpty ? nil : String(field.dropFirst()), detail: detail)
    }
}
