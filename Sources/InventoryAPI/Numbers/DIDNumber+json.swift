internal import Inventory
internal import JSON

extension DIDNumber {
    /// The agreed entity, its members in the agreed order.
    var json: JSONValue {
        let all = NumberContent.Member.allCases
        var members: [(name: String, value: JSONValue)] = []
        members.reserveCapacity(all.count + 1)
        members.append(("id", .number(id)))
        for member in all { members.append((member.rawValue, .string(content.text(of: member)))) }
        return .object(members)
    }
}
