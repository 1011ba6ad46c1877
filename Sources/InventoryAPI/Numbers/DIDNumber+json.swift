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
}

extension [DIDNumber] {
    /// The text of each number's ``DIDNumber/json``, without creating that value for each of a
    /// thousand numbers.
    func jsonText(withVersion: Bool) -> [UInt8] {
        [UInt8](capacity: reduce(2) { $0 + $1.mostBytes }) { text in
            text.append(UInt8(ascii: "["))
            // Unlike the array, its span copies no number.
            let numbers = span
            for index in numbers.indices {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                numbers[index].write(to: &text, withVersion: withVersion)
            }
            text.append(UInt8(ascii: "]"))
        }
    }
}

extension DIDNumber {
    private static let beginning = Array(#"{"id":"#.utf8)
    private static let memberBeginnings = NumberContent.Member.allCases.map { member in
        (member, Array(#","\#(member.rawValue)":""#.utf8))
    }
    private static let versionBeginning = Array(#","version":"#.utf8)
    /// How many bytes all but the texts of the members have at most.
    private static let fixedBytes =
        64 + memberBeginnings.reduce(versionBeginning.count) { $0 + $1.1.count }

    fileprivate var mostBytes: Int {
        NumberContent.Member.allCases.reduce(Self.fixedBytes) { sum, member in
            switch member {
            case .value: sum + JSONValue.mostEscapedBytes * content.value.formatted.utf8.count
            case .monthyPrice, .setupPrice: sum + 24
            case .currency: sum + JSONValue.mostEscapedBytes * content.currency.symbol.utf8.count
            }
        }
    }

    fileprivate func write(to text: inout OutputSpan<UInt8>, withVersion: Bool) {
        text.append(Self.beginning)
        text.append(String(id))
        for (member, beginning) in Self.memberBeginnings {
            text.append(beginning)
            text.append(content.text(of: member))
            text.append(UInt8(ascii: "\""))
        }
        if withVersion {
            text.append(Self.versionBeginning)
            text.append(String(version))
        }
        text.append(UInt8(ascii: "}"))
    }
}

extension OutputSpan<UInt8> {
    fileprivate mutating func append(_ bytes: [UInt8]) {
        for byte in bytes { append(byte) }
    }

    /// Appends the content of a JSON string.
    fileprivate mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                if JSONValue.isPlain(byte) { append(byte) } else { append(JSONValue.escaped(byte)) }
            }
        }
    }
}
