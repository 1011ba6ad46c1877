internal import Inventory
internal import JSON

extension DIDNumber {
    /// The members are in the order of the contract.
    var json: JSONValue {
        let all = NumberContent.Member.allCases
        var members: JSONMembers = []
        members.reserveCapacity(all.count + 1)
        members.append(("id", .number(id)))
        for member in all { members.append((member.rawValue, .string(content.text(of: member)))) }
        return .object(members)
    }

    /// Appends the text of ``json``, without creating that value for each of a thousand numbers.
    fileprivate func write(to text: inout [UInt8], withVersion: Bool) {
        text += Self.beginning
        text += String(id).utf8
        for (member, beginning) in Self.memberBeginnings {
            text += beginning
            JSONValue.write(content.text(of: member), to: &text)
        }
        if withVersion { text += ",\"version\":\(version)".utf8 }
        text.append(UInt8(ascii: "}"))
    }

    private static let beginning = Array(#"{"id":"#.utf8)
    private static let memberBeginnings = NumberContent.Member.allCases.map { member in
        (member, Array(#","\#(member.rawValue)":"#.utf8))
    }
}

extension [DIDNumber] {
    func jsonText(withVersion: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(2 + count * 160)
        text.append(UInt8(ascii: "["))
        for (index, number) in enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            number.write(to: &text, withVersion: withVersion)
        }
        text.append(UInt8(ascii: "]"))
        return text
    }
}
