internal import Inventory
internal import JSON

extension ImportRow {
    /// Checks what is written in a row.
    ///
    /// - Parameter price: Reads a price as the file writes it.
    init(
        _ row: WrittenRow, mode: ImportMode, numberCheck: NumberCheck,
        price: (String) throws(InvalidValue) -> Price
    ) {
        let input: ObjectInput
        switch row.content {
        case .malformed(let errors):
            self = .faulty(line: row.line, errors)
            return
        case .members(let members): input = members
        }
        var reader = ObjectReader(input)
        let id = reader.id()
        do throws(InventoryError) {
            let patch = try NumberPatch(
                reader, numberCheck: numberCheck, isWhole: mode == .create, price: price)
            self = .number(line: row.line, id: id, patch: patch)
        } catch {
            self = .faulty(line: row.line, error.fieldErrors)
        }
    }
}

extension ObjectReader {
    /// Which number the object is; nil where it does not say, or what it says is no id, which is
    /// noted.
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
