internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import Inventory

/// scrypt (RFC 7914) of one password, written as a PHC string: `$scrypt$ln=15,r=8,p=1$salt$hash`.
struct ScryptHash: Equatable {
    let cost: ScryptCost
    let salt: Data
    let key: SymmetricKey

    private static let saltCount = 16
    private static let keyCount = 32

    /// Takes some 50 to 100 ms and ``ScryptCost/memory`` bytes.
    init(_ password: Password, cost: ScryptCost) throws {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        try self.init(password, cost: cost, salt: salt)
    }

    private init(_ password: Password, cost: ScryptCost, salt: Data) throws {
        self.init(
            cost: cost, salt: salt,
            key: try KDF.Scrypt.deriveKey(
                from: password.bytes, salt: salt, outputByteCount: Self.keyCount,
                rounds: 1 << cost.logarithm, blockSize: cost.blockSize,
                parallelism: cost.parallelism))
    }

    private init(cost: ScryptCost, salt: Data, key: SymmetricKey) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Takes as long as making the hash took.
    func matches(_ password: Password) throws -> Bool {
        // SymmetricKey compares in constant time.
        try ScryptHash(password, cost: cost, salt: salt).key == key
    }

    /// What no password matches, at the same cost as any other.
    static func unmatchable(cost: ScryptCost) -> ScryptHash {
        ScryptHash(
            cost: cost, salt: SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) },
            key: SymmetricKey(size: .bits256))
    }

    /// Reads what ``stored`` wrote; nil where it is anything else, or costs more than it may.
    init?(_ hash: PasswordHash) {
        let parts = hash.stored.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let cost = ScryptCost(String(parts[2])),
            let salt = Data(unpadded: parts[3]), salt.count == Self.saltCount,
            let key = Data(unpadded: parts[4]), key.count == Self.keyCount
        else { return nil }
        self.init(cost: cost, salt: salt, key: SymmetricKey(data: key))
    }

    var stored: PasswordHash {
        let key = key.withUnsafeBytes { Data($0) }
        return PasswordHash(stored: "$scrypt$\(cost)$\(salt.unpadded)$\(key.unpadded)")
    }
}

/// What a hash costs who makes it, and who guesses it (RFC 7914 §2).
package struct ScryptCost: Equatable, Sendable, CustomStringConvertible {
    /// The base-2 logarithm of N.
    let logarithm: Int
    let blockSize: Int
    let parallelism: Int

    /// 32 MiB, and 50 to 100 ms on the machines of 2026.
    package static let standard = ScryptCost(logarithm: 15, blockSize: 8, parallelism: 1)

    /// Next to nothing.
    ///
    /// For tests.
    package static let least = ScryptCost(logarithm: 1, blockSize: 1, parallelism: 1)

    private init(logarithm: Int, blockSize: Int, parallelism: Int) {
        self.logarithm = logarithm
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Reads what `description` wrote; nil beyond 256 MiB, which a damaged database might say.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})/),
            let logarithm = Int(match.1), let blockSize = Int(match.2),
            let parallelism = Int(match.3),
            (1...24).contains(logarithm), blockSize > 0, (1...4).contains(parallelism)
        else { return nil }
        self.init(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism)
        guard memory <= 256 * 1024 * 1024 else { return nil }
    }

    /// How much memory a hash takes, in bytes.
    var memory: Int { 128 * blockSize << logarithm }

    package var description: String { "ln=\(logarithm),r=\(blockSize),p=\(parallelism)" }
}

extension Data {
    /// Base64 as the PHC string format has it, without padding.
    fileprivate var unpadded: String { base64EncodedString().replacing("=", with: "") }

    fileprivate init?(unpadded text: Substring) {
        self.init(
            base64Encoded: text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4))
    }
}
