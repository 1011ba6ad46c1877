import Inventory
import Testing

/// Clients send formatted numbers back, so these must be read as the same numbers.
@Suite struct PhoneNumberFixedPointTests {
    @Test(arguments: [(NumberCheck.possible, 25_000), (.valid, 500), (.e164, 10_000)])
    func formattedNumberIsReadAsTheSame(check: NumberCheck, count: Int) throws {
        var random = RandomNumbers(state: 42)
        var accepted = 0
        while accepted < count {
            guard let number = try? PhoneNumber(random.next(), numberCheck: check) else { continue }
            accepted += 1
            let again = try PhoneNumber(number.formatted, numberCheck: check)
            #expect(again.digits == number.digits, "\(number.formatted)")
            #expect(again.formatted == number.formatted)
        }
    }

    /// Reading only changes digits by removing a prefix after the country code.
    @Test(arguments: [
        ("+44 (0)20 7946 0018", "+44 20 7946 0018"), ("+440883123456", "+44 883123456"),
        ("+39 06 698 12345", "+39 06 6981 2345"), ("+5508491234432", "+55 8491234432"),
        ("+20 00397800548", nil), ("+46 0860192", nil),
    ])
    func trunkPrefixes(text: String, formatted: String?) throws {
        guard let formatted else {
            #expect(throws: InvalidValue.self) { try PhoneNumber(text) }
            return
        }
        #expect(try PhoneNumber(text).formatted == formatted)
    }
}

/// Numbers with all country codes and lengths, every second one with a zero after the code.
private struct RandomNumbers {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> UInt64 {
        // Knuth's MMIX generator: the same numbers in each run.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
    }

    mutating func next() -> String {
        let codes = [[1, 7][Int(below(2))], 20 + below(79), 200 + below(799)]
        let zero = below(2) == 0 ? "0" : ""
        let digits = (0..<(5 + below(8))).map { _ in String(below(10)) }.joined()
        return "+\(codes[Int(below(3))])\(zero)\(digits)"
    }
}
