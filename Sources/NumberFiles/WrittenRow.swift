package import Inventory
internal import JSON

/// A row of a file as it was written, before its values are checked.
package struct WrittenRow: Sendable {
    package enum Content: Sendable {
        case members(ObjectInput)
        /// The row is none: what is wrong with it, as what follows its name in a sentence.
        case malformed([FieldError])
    }

    /// The number of the line that the row begins in, from 1.
    package let line: Int
    package let content: Content
}

extension WrittenRow {
    /// The row that a JSON text is.
    init(line: Int, json text: String) throws(JSONSyntaxError) {
        let json = try JSONParser.parse(text)
        self.line = line
        do throws(InventoryError) {
            content = .members(try ObjectInput(json))
        } catch {
            content = .malformed(error.fieldErrors)
        }
    }
}
