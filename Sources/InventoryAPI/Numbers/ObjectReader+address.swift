internal import Inventory
internal import JSON

extension ObjectReader {
    /// Notes an error unless the member `id` is absent or the id in the address: clients send whole
    /// numbers back.
    mutating func expectID(_ id: Int64) {
        switch value(of: "id") {
        case nil: break
        case .number(let other) where other.hasSameBytes(as: String(id)): break
        case .string(let other) where other.hasSameBytes(as: String(id)): break
        case .number(let other), .string(let other):
            // The text is a client's: shown only while it is short.
            let shown = other.utf8.count <= 20 ? " (\(other.shortened))" : ""
            note("id", "differs from the address: the body's\(shown) is not \(id)")
        default: note("id", "must be \(id), as in the address, or be left out")
        }
    }
}
