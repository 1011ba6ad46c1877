internal import Inventory

/// Creates texts from a target's samples. The same seed gives the same texts.
struct Mutator {
    private var samples: [[UInt8]]
    private let words: [[UInt8]]
    private let firstSamples: Int
    private var random: SplitMix64

    /// How many accepted texts are kept in addition to the samples.
    private static let capacity = 500
    /// Parts that have broken parsers before.
    private static let anywhere = [
        "\0", "\u{0301}\u{0316}", "\u{0915}\u{094D}", "👩\u{200D}", "\u{202E}", "\u{FEFF}", "１", "²",
        "\r\n", "\t", " ", "\u{A0}", "\u{10FFFF}", "İ", "9223372036854775808", "-0", "1e999", "",
    ]

    init(target: Target, seed: UInt64) {
        samples = target.samples.map { Array($0.utf8) }
        words =
            target.words.split(separator: " ").map { Array($0.utf8) }
            + Self.anywhere.map { Array($0.utf8) }
        firstSamples = samples.count
        random = SplitMix64(state: seed)
    }

    mutating func learn(_ bytes: [UInt8]) {
        guard bytes.count <= 1024 else { return }
        if samples.count < firstSamples + Self.capacity {
            samples.append(bytes)
        } else {
            samples[firstSamples + random.below(Self.capacity)] = bytes
        }
    }

    mutating func next() -> [UInt8] {
        var bytes = random.element(of: samples)
        for _ in 0..<random.below(6) { change(&bytes) }
        if random.below(200) == 0 { grow(&bytes) }
        return Array(bytes.prefix(Fuzz.largestText))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let start = random.below(bytes.count + 1)
        let part = start..<min(bytes.count, start + random.below(9))
        switch random.below(8) {
        case 0: bytes.removeSubrange(part)
        case 1: bytes.insert(contentsOf: bytes[part], at: start)
        case 2: bytes.insert(UInt8(random.below(256)), at: start)
        case 3 where start < bytes.count: bytes[start] = UInt8(0x20 + random.below(0x5F))
        case 4 where start < bytes.count: bytes[start] ^= 1 << random.below(8)
        case 5:
            let other = random.element(of: samples)
            bytes.replaceSubrange(start..., with: other[random.below(other.count + 1)...])
        default: bytes.insert(contentsOf: random.element(of: words), at: start)
        }
    }

    private mutating func grow(_ bytes: inout [UInt8]) {
        let start = random.below(bytes.count + 1)
        let end = start + random.below(bytes.count - start + 1)
        let part = random.element(of: [Array(bytes[start..<end]), random.element(of: words)])
        guard !part.isEmpty else { return }
        let times = max(0, Fuzz.largestText - bytes.count) / part.count
        bytes.insert(contentsOf: repeatElement(part, count: times).joined(), at: start)
    }
}
