/// Numbers and prices for demonstrations. Three of four numbers are Brazilian, and all are in
/// ranges that are in use. A seed always gives the same numbers, in every release.
package struct DemoNumbers: Sequence, IteratorProtocol, Sendable {
    private var random: SplitMix64
    /// The digits of the numbers so far. Integers take half as much memory as texts.
    private var taken: Set<Int64> = []

    package init(seed: UInt64) {
        random = SplitMix64(state: seed)
    }

    package mutating func next() -> NumberContent? {
        while true {
            let market = random.below(4) < 3 ? Market.brazil : random.element(of: Market.abroad)
            let digits = random.digits(of: random.element(of: market.patterns))
            guard let number = try? PhoneNumber("+" + digits, numberCheck: .valid),
                let integer = Int64(number.digits), taken.insert(integer).inserted
            else { continue }
            return NumberContent(
                value: number,
                monthyPrice: Price(storedTenThousandths: random.element(of: market.monthyPrices)),
                setupPrice: Price(storedTenThousandths: random.element(of: market.setupPrices)),
                currency: Currency(storedSymbol: random.element(of: market.currencies)))
        }
    }
}

private struct Market {
    /// `n` is any digit.
    let patterns: [String]
    /// In ten-thousandths of the currency's unit.
    let monthyPrices: [Int64]
    let setupPrices: [Int64]
    let currencies: [String]

    static let brazil = Market(
        patterns: [11, 19, 21, 27, 31, 41, 47, 48, 51, 61, 62, 71, 81, 84, 85, 91, 92]
            .flatMap { ["55\($0)9nnnnnnnn", "55\($0)3nnnnnnn"] },
        monthyPrices: [300, 350, 500, 800, 1_000, 1_250, 2_900],
        setupPrices: [0, 10_000, 34_000, 50_000, 99_000],
        currencies: ["U$", "U$", "R$"])

    static let abroad = [
        Market(
            patterns: ["1212nnnnnnn", "1305nnnnnnn", "1415nnnnnnn", "1617nnnnnnn"],
            monthyPrices: [200, 400, 10_000], setupPrices: [0, 10_000, 25_000],
            currencies: ["U$"]),
        Market(
            patterns: [
                "351211nnnnnn", "351225nnnnnn", "34911nnnnnn", "33170nnnnnn", "4930nnnnnnnn",
            ],
            monthyPrices: [900, 12_000, 19_900], setupPrices: [0, 45_000, 100_000],
            currencies: ["€"]),
        Market(
            patterns: ["4420794nnnnn", "44161nnnnnnn"],
            monthyPrices: [850, 15_000], setupPrices: [0, 50_000], currencies: ["£"]),
        Market(
            patterns: ["5411nnnnnnnn", "5255nnnnnnnn", "562nnnnnnnn", "57601nnnnnnn"],
            monthyPrices: [1_500, 22_000], setupPrices: [30_000, 120_000], currencies: ["U$"]),
    ]
}

/// Sebastiano Vigna's SplitMix64. Swift's generators may give other numbers in other releases.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(state: UInt64) {
        self.state = state
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    package mutating func element<Element>(of list: [Element]) -> Element {
        list[below(list.count)]
    }

    fileprivate mutating func digits(of pattern: String) -> String {
        let digits = pattern.utf8.map {
            $0 == UInt8(ascii: "n") ? UInt8(ascii: "0") + UInt8(below(10)) : $0
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
