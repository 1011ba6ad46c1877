internal import Inventory
internal import JSON

extension DIDNumber {
    /// The agreed entity, its members in the agreed order.
    var json: JSONValue {
        .object([
            ("id", .number(id)),
            ("value", .string(value.formatted)),
            ("monthyPrice", .string(monthyPrice.description)),
            ("setupPrice", .string(setupPrice.description)),
            ("currency", .string(currency.symbol)),
        ])
    }
}
