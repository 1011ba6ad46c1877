internal import Synchronization

/// What the client, the log and every problem call a request.
struct RequestID {
    let text: String

    /// The client's own name for it where that is short and plain, else one made up here.
    init(askedFor text: String?) {
        self.text = text.flatMap { Self.isPlain($0) ? $0 : nil } ?? Self.random()
    }

    private static func isPlain(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static let last = Atomic(UInt64.random(in: 0...UInt64.max))

    /// SplitMix64, which gives every number once before it gives one again: an id has to be another
    /// one each time, but no secret, and the system's random numbers take a call of the kernel each.
    private static func random() -> String {
        var number = last.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
        number ^= number >> 31
        return String(unsafeUninitializedCapacity: 16) { bytes in
            for place in 0..<16 {
                let digit = UInt8(number >> UInt64(60 - 4 * place) & 0xF)
                bytes[place] =
                    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }
}
