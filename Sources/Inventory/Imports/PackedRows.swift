/// Rows in about as many bytes as they have in their file.
package struct PackedRows: Sendable {
    package private(set) var errorCount = 0
    private let numberCheck: NumberCheck
    private let count: Int
    private var bytes: [UInt8] = []

    /// Errors beyond those that a report lists are only counted, because composing a message takes
    /// longer than reading a row.
    ///
    /// - Parameter rows: In the order of their lines.
    /// - Parameter numberCheck: The check that the rows were read with.
    package init(_ rows: [ImportRow], _ numberCheck: NumberCheck) {
        self.numberCheck = numberCheck
        count = rows.count
        var lastLine = 0
        for row in rows {
            switch row {
            case .number(let line, let id, let patch):
                bytes.append(Int64(line - lastLine))
                bytes.append(Int64?.none)
                append(id, patch)
                lastLine = line
            case .invalid(let line, let errors):
                bytes.append(Int64(line - lastLine))
                bytes.append(Int64(errors.count))
                for error in errors { append(error) }
                lastLine = line
            }
        }
        // Free the unused capacity.
        bytes = Array(bytes)
    }

    private mutating func append(_ error: FieldError) {
        errorCount += 1
        let isListed = errorCount <= ImportReport.mostErrors
        bytes.append(isListed ? error.field : nil)
        bytes.append(isListed ? error.detail : nil)
    }

    private mutating func append(_ id: Int64?, _ patch: NumberPatch) {
        bytes.append(id)
        bytes.append(patch.valueError == nil ? nil : 1)
        bytes.append(patch.value?.formatted)
        // The formatted text has the same digits, except in rare countries.
        let digits = patch.value.map { Self.digits(in: $0.formatted) }
        bytes.append(digits == patch.value?.digits ? nil : patch.value?.digits)
        bytes.append(patch.monthyPrice?.tenThousandths)
        bytes.append(patch.setupPrice?.tenThousandths)
        bytes.append(patch.currency?.symbol)
    }

    private static func digits(in text: String) -> String {
        String(decoding: text.utf8.filter { 0x30...0x39 ~= $0 }, as: UTF8.self)
    }

    package var rows: [ImportRow] {
        var reader = ByteReader(bytes: bytes)
        var line = 0
        return (0..<count).map { _ in
            line += Int(reader.integer() ?? 0)
            if let errorCount = reader.integer() {
                let errors = (0..<errorCount).map { _ in
                    let (field, detail) = (reader.text(), reader.text())
                    return FieldError(field: field, detail: detail ?? "")
                }
                return .invalid(line: line, errors)
            }
            return .number(line: line, id: reader.integer(), patch: patch(&reader))
        }
    }

    private func patch(_ reader: inout ByteReader) -> NumberPatch {
        var patch = NumberPatch()
        let isRefused = reader.integer() != nil
        let formatted = reader.text()
        let digits = reader.text()
        patch.value = formatted.map {
            PhoneNumber(storedDigits: digits ?? Self.digits(in: $0), formatted: $0)
        }
        if isRefused, let value = patch.value { patch.valueError = error(of: value) }
        patch.monthyPrice = reader.integer().map(Price.init(storedTenThousandths:))
        patch.setupPrice = reader.integer().map(Price.init(storedTenThousandths:))
        patch.currency = reader.text().map(Currency.init(storedSymbol:))
        return patch
    }

    /// Checks the number again when the message is read.
    private func error(of value: PhoneNumber) -> InvalidValue {
        let check = numberCheck
        return InvalidValue(
            (try? PhoneNumber.Reading(plain: "+" + value.digits, check))?.error?.reason
                ?? "is not a phone number")
    }
}

/// Nil is 0, and an integer n is n + 1, with seven bits in each byte, the last below 128. A text
/// follows its length.
extension [UInt8] {
    fileprivate mutating func append(_ integer: Int64?) {
        var rest = integer.map { UInt64(bitPattern: $0) + 1 } ?? 0
        while rest >= 128 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    fileprivate mutating func append(_ text: String?) {
        append(text.map { Int64($0.utf8.count) })
        if let text { append(contentsOf: text.utf8) }
    }
}

private struct ByteReader {
    let bytes: [UInt8]
    private var index = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func integer() -> Int64? {
        var (integer, shift) = (UInt64(0), UInt64(0))
        while true {
            let byte = bytes[index]
            index += 1
            integer |= UInt64(byte & 127) << shift
            if byte < 128 { return integer == 0 ? nil : Int64(bitPattern: integer - 1) }
            shift += 7
        }
    }

    mutating func text() -> String? {
        guard let count = integer() else { return nil }
        defer { index += Int(count) }
        return String(decoding: bytes[index..<index + Int(count)], as: UTF8.self)
    }
}
