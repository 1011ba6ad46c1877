internal import Inventory
internal import JSON

extension DIDNumber {
    /// The agreed entity, its members in the agreed order.
    var json: JSONValue {
        .object(
            [("id", .number(id))]
                + NumberContent.Member.allCases.map { member in
                    (member.rawValue, .string(content.text(of: member)))
                })
    }
}
