/// Creates texts from a target's samples, the same for the same seed.
struct Mutator {
    private var samples: [[UInt8]]
    private let words: [[UInt8]]
    private let firstSamples: Int
    private var random: SplitMix64

    /// The most texts kept in addition to the samples.
    private static let capacity = 500
    /// Parts that have broken parsers before.
    private static let anywhere = [
        "\0", "\u{0301}\u{0316}", "\u{0915}\u{094D}", "👩\u{200D}", "\u{202E}", "\u{FEFF}", "１", "²",
        "\r\n", "\t", " ", "\u{A0}", "\u{10FFFF}", "İ", "9223372036854775808", "-0", "1e999", "",
    ]

    init(target: Target, seed: UInt64) {
        samples = target.samples.map { Array($0.utf8) }
        words = (target.words + Self.anywhere).map { Array($0.utf8) }
        firstSamples = samples.count
        random = SplitMix64(state: seed)
    }

    /// Keeps a text for the creation of others.
    mutating func learn(_ bytes: [UInt8]) {
        guard bytes.count <= 1024 else { return }
        if samples.count < firstSamples + Self.capacity {
            samples.append(bytes)
        } else {
            samples[Int.random(in: firstSamples..<samples.count, using: &random)] = bytes
        }
    }

    mutating func next() -> [UInt8] {
        var bytes = samples.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...5, using: &random) { change(&bytes) }
        if random.isOne(of: 200) { grow(&bytes) }
        return Array(bytes.prefix(Fuzz.largestText))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...8, using: &random))
        switch random.next() % 8 {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: start)
        case 3 where start < bytes.count:
            bytes[start] = UInt8.random(in: 0x20...0x7E, using: &random)
        case 4:
            let other = samples.randomElement(using: &random) ?? []
            let rest = other[Int.random(in: 0...other.count, using: &random)...]
            bytes.replaceSubrange(start..., with: rest)
        case 5 where start < bytes.count:
            bytes[start] ^= 1 << UInt8.random(in: 0...7, using: &random)
        default:
            bytes.insert(contentsOf: words.randomElement(using: &random) ?? [], at: start)
        }
    }

    /// Repeats a part or a word up to the largest size.
    private mutating func grow(_ bytes: inout [UInt8]) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = Int.random(in: start...bytes.count, using: &random)
        let word = words.randomElement(using: &random) ?? []
        let part = random.isOne(of: 2) ? word : Array(bytes[start..<end])
        guard !part.isEmpty else { return }
        let times = (Fuzz.largestText - min(Fuzz.largestText, bytes.count)) / part.count
        bytes.insert(contentsOf: repeatElement(part, count: times).joined(), at: start)
    }
}

/// A small, fast generator, the same on all machines.
struct SplitMix64: RandomNumberGenerator {
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
