/// Rows in about as many bytes as they have in their file.
package struct PackedRows: Sendable {
    // These bytes do not occur in UTF-8.
    private static let endOfCell: UInt8 = 0xFF
    private static let absent: UInt8 = 0xFE

    package private(set) var errorCount = 0
    private let numberCheck: NumberCheck
    /// The cells of all rows. Those of a row begin with its line and the number of its errors.
    private var bytes: [UInt8] = []

    /// Errors beyond those that a report lists are only counted, because composing a message takes
    /// longer than reading a row.
    package init(
        _ rows: [ImportRow], _ numberCheck: NumberCheck,
        listedErrors: Int = ImportReport.mostErrors
    ) {
        self.numberCheck = numberCheck
        for row in rows {
            switch row {
            case .number(let line, let id, let patch, let written):
                append(String(line), nil, written)
                append(id, patch)
            case .invalid(let errors):
                append((errors.first?.line).map { String($0) }, String(errors.count))
                for error in errors {
                    errorCount += 1
                    append(errorCount <= listedErrors ? error : nil)
                }
            }
        }
        // Free the unused capacity.
        bytes = Array(bytes)
    }

    private mutating func append(_ error: ImportError?) {
        append(
            error?.error.field, error?.error.detail, error?.number?.shortened,
            error?.content?.shortened)
    }

    private mutating func append(_ cells: String?...) {
        for cell in cells {
            if let cell { bytes += cell.utf8 } else { bytes.append(Self.absent) }
            bytes.append(Self.endOfCell)
        }
    }

    private mutating func append(_ id: Int64?, _ patch: NumberPatch) {
        // Store the digits only if the formatted text has others, as in a few countries.
        let digits = patch.value.map { Self.digits(in: $0.formatted) }
        append(
            id.map { String($0) }, patch.valueError == nil ? nil : "invalid",
            patch.value?.formatted, digits == patch.value?.digits ? nil : patch.value?.digits,
            patch.monthyPrice.map { String($0.tenThousandths) },
            patch.setupPrice.map { String($0.tenThousandths) }, patch.currency?.symbol)
    }

    private static func digits(in text: String) -> String {
        String(decoding: text.utf8.filter(\.isDigit), as: UTF8.self)
    }

    package var rows: [ImportRow] {
        let slices = bytes.split(separator: Self.endOfCell, omittingEmptySubsequences: false)
        var cells = slices.lazy.map { cell in
            cell.first == Self.absent ? nil : String(decoding: cell, as: UTF8.self)
        }.makeIterator()
        let text = { cells.next() ?? nil }
        let integer = { text().flatMap { Int64($0) } }
        var rows: [ImportRow] = []
        while let line = integer() {
            guard let errorCount = integer() else {
                let (written, id) = (text(), integer())
                rows.append(
                    .number(
                        line: Int(line), id: id, patch: patch(text, integer), written: written))
                continue
            }
            let errors = (0..<errorCount).map { _ in
                let (field, detail) = (text(), text())
                return ImportError(
                    line: Int(line), error: FieldError(field: field, detail: detail ?? ""),
                    number: text(), content: text())
            }
            rows.append(.invalid(errors))
        }
        return rows
    }

    private func patch(_ text: () -> String?, _ integer: () -> Int64?) -> NumberPatch {
        var patch = NumberPatch()
        let isRefused = text() != nil
        let (formatted, digits) = (text(), text())
        patch.value = formatted.map {
            PhoneNumber(storedDigits: digits ?? Self.digits(in: $0), formatted: $0)
        }
        if isRefused, let value = patch.value { patch.valueError = error(of: value) }
        patch.monthyPrice = integer().map(Price.init(storedTenThousandths:))
        patch.setupPrice = integer().map(Price.init(storedTenThousandths:))
        patch.currency = text().map(Currency.init(storedSymbol:))
        return patch
    }

    /// The error is not stored: its number is checked again when the message is read.
    private func error(of value: PhoneNumber) -> InvalidValue {
        let check = numberCheck
        return InvalidValue(
            (try? PhoneNumber.Reading(plain: "+" + value.digits, check))?.error?.reason
                ?? "is not a phone number")
    }
}
