internal import Inventory
internal import JSON

/// A row of a file, before its values are checked.
struct FileRow: Sendable {
    /// The line in which the row begins, from 1; in a workbook, its number.
    let line: Int
    var members: [(name: String, value: JSONValue)] = []
    /// The members whose cells are numbers of a workbook.
    var numbers: [NumberContent.Member] = []
    /// The members that a client corrected, whose texts are written as in JSON.
    private(set) var corrected: [NumberContent.Member] = []
    /// If there are any, the values are not checked.
    private(set) var errors: [FieldError] = []
}

extension FileRow {
    init(line: Int, error detail: String) {
        self.init(line: line, errors: [FieldError(field: nil, detail: detail)])
    }

    init(line: Int, errors: [FieldError]) {
        self.line = line
        self.errors = errors
    }

    init(line: Int, _ json: JSONValue) {
        self.line = line
        do throws(InventoryError) {
            members = try ObjectReader(json).members
        } catch {
            errors = error.fieldErrors
        }
    }

    /// The row with an advice after each error.
    func advising(_ advice: String) -> FileRow {
        FileRow(
            line: line,
            errors: errors.map { FieldError(field: $0.field, detail: $0.detail + advice) })
    }

    mutating func note(_ name: String?, _ detail: String) {
        errors.append(FieldError(field: name, detail: detail))
    }

    /// Replaces a member and its errors. An empty text removes an id.
    mutating func correct(_ name: String, _ text: String) {
        errors.removeAll { $0.field?.hasSameBytes(as: name) == true }
        members.removeAll { $0.name.hasSameBytes(as: name) }
        if name != "id" || !text.isEmpty { members.append((name, .string(text))) }
        if let member = NumberContent.Member(rawValue: name) { corrected.append(member) }
    }

    /// - Parameter price: Reads a price as the file writes it.
    func checked(
        _ mode: ImportMode, _ numberCheck: NumberCheck,
        price: (NumberContent.Member, String) throws(InvalidValue) -> Price
    ) -> ImportRow {
        let number = text(of: NumberContent.Member.value.rawValue)
        do throws(InventoryError) {
            guard errors.isEmpty else { throw .invalid(errors) }
            var reader = ObjectReader(members: members)
            let id = reader.id()
            let patch = try NumberPatch(
                reader, numberCheck: numberCheck, isWhole: mode == .create, price: price)
            let isFormatted = number.map { patch.value?.formatted.hasSameBytes(as: $0) == true }
            return .number(
                line: line, id: id, patch: patch, written: isFormatted == true ? nil : number)
        } catch {
            return .invalid(
                error.fieldErrors.map { error in
                    ImportError(
                        line: line, error: error, number: number,
                        content: error.field.flatMap(text))
                })
        }
    }

    /// The text of a member; nil if the row lacks it.
    private func text(of name: String) -> String? {
        switch members.first(where: { $0.name.hasSameBytes(as: name) })?.value {
        case nil: nil
        case .string(let text)?: text
        case let value?: String(decoding: value.text, as: UTF8.self)
        }
    }
}

extension ObjectReader {
    fileprivate mutating func id() -> Int64? {
        switch value(of: "id") {
        case nil: return nil
        case .number(let text), .string(let text):
            if let id = Int64(text), id > 0, text.hasSameBytes(as: String(id)) { return id }
        default: break
        }
        note("id", "must be the id of a number, such as 42, or be left out")
        return nil
    }
}
