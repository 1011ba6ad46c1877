/// Makes texts from a target's samples, the same for the same seed.
struct Mutator {
    private var samples: [[UInt8]]
    private let words: [[UInt8]]
    private let firstSamples: Int
    private let largest: Int
    private var chance: Chance

    /// How many texts are kept beside the first ones.
    private static let capacity = 500

    init(target: Target, seed: UInt64, largest: Int) {
        samples = target.samples.map { Array($0.utf8) }
        words = (target.words + Self.anywhere).map { Array($0.utf8) }
        firstSamples = samples.count
        self.largest = largest
        chance = Chance(state: seed)
    }

    /// What has upset readers of texts before, whatever they read.
    private static let anywhere = [
        "\0", "\u{0301}\u{0316}", "\u{0915}\u{094D}", "👩\u{200D}", "\u{202E}", "\u{FEFF}", "１", "²",
        "\r\n", "\t", "\u{A0}", "\u{10FFFF}", "İ", "9223372036854775808", "-0", "1e999", "",
    ]

    /// Keeps a text to make others from.
    mutating func learn(_ bytes: [UInt8]) {
        guard bytes.count <= 1024 else { return }
        if samples.count < firstSamples + Self.capacity {
            samples.append(bytes)
        } else {
            samples[Int.random(in: firstSamples..<samples.count, using: &chance)] = bytes
        }
    }

    mutating func next() -> [UInt8] {
        var bytes = samples.randomElement(using: &chance) ?? []
        for _ in 0..<Int.random(in: 0...5, using: &chance) { change(&bytes) }
        // A large one now and then: most of the time small ones find more.
        if chance.next() % 200 == 0 { grow(&bytes) }
        return Array(bytes.prefix(largest))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &chance)
        let end = min(bytes.count, place + Int.random(in: 0...8, using: &chance))
        switch chance.next() % 8 {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &chance), at: place)
        case 3 where place < bytes.count:
            bytes[place] = UInt8.random(in: 0x20...0x7E, using: &chance)
        case 4:
            let other = samples.randomElement(using: &chance) ?? []
            let start = Int.random(in: 0...other.count, using: &chance)
            bytes.replaceSubrange(place..., with: other[start...])
        case 5 where place < bytes.count:
            bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &chance)
        default:
            bytes.insert(contentsOf: words.randomElement(using: &chance) ?? [], at: place)
        }
    }

    /// Repeats a part until the text is as large as can be.
    private mutating func grow(_ bytes: inout [UInt8]) {
        let isWord = chance.next() % 2 == 0
        let place = Int.random(in: 0...bytes.count, using: &chance)
        let end = Int.random(in: place...bytes.count, using: &chance)
        let part = isWord ? words.randomElement(using: &chance) ?? [] : Array(bytes[place..<end])
        guard !part.isEmpty else { return }
        let times = (largest - min(largest, bytes.count)) / part.count
        bytes.insert(contentsOf: (0..<times).lazy.flatMap { _ in part }, at: place)
    }
}

/// SplitMix64: small, fast, and the same everywhere.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func isOne(of count: UInt64) -> Bool { next() % count == 0 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
