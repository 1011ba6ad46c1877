internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import Inventory

/// The scrypt hash (RFC 7914) of a password, written as a PHC string:
/// `$scrypt$ln=15,r=8,p=1$salt$hash`.
struct ScryptHash: Equatable {
    let cost: ScryptCost
    let salt: Data
    let key: SymmetricKey

    private static let saltCount = 16
    private static let keyCount = 32
}

extension ScryptHash {
    init(_ password: Password, cost: ScryptCost, salt: Data = randomSalt()) throws {
        self.init(
            cost: cost, salt: salt,
            key: try KDF.Scrypt.deriveKey(
                from: password.bytes, salt: salt, outputByteCount: Self.keyCount,
                rounds: 1 << cost.logarithm, blockSize: cost.blockSize,
                parallelism: cost.parallelism))
    }

    private static func randomSalt() -> Data {
        SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
    }

    func matches(_ password: Password) throws -> Bool {
        // SymmetricKey compares in constant time.
        try ScryptHash(password, cost: cost, salt: salt).key == key
    }

    /// A hash that no password matches. Checking it takes as long as any hash of this cost.
    static func unmatchable(cost: ScryptCost) -> ScryptHash {
        ScryptHash(cost: cost, salt: randomSalt(), key: SymmetricKey(size: .bits256))
    }

    /// Parses a stored hash; nil if it is malformed, or too costly.
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

/// The cost of computing a hash, and so of a guess (RFC 7914 §2).
package struct ScryptCost: Equatable, Sendable, CustomStringConvertible {
    /// RFC 7914's N is 2 to this power.
    let logarithm: Int
    /// RFC 7914's r.
    let blockSize: Int
    /// RFC 7914's p.
    let parallelism: Int

    /// Each hash takes 32 MiB of memory, and 50 to 100 ms on machines of 2026.
    package static let standard = ScryptCost(logarithm: 15, blockSize: 8, parallelism: 1)

    package init(logarithm: Int, blockSize: Int, parallelism: Int) {
        self.logarithm = logarithm
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Parses what `description` returns; nil if it is malformed, or if hashes would need more than
    /// 256 MiB of memory, as a damaged database might request.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})/),
            let logarithm = Int(match.1), let blockSize = Int(match.2),
            let parallelism = Int(match.3),
            (1...24).contains(logarithm), blockSize > 0, (1...4).contains(parallelism)
        else { return nil }
        self.init(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism)
        guard 128 * blockSize << logarithm <= 256 * 1024 * 1024 else { return nil }
    }

    package var description: String { "ln=\(logarithm),r=\(blockSize),p=\(parallelism)" }
}

extension Data {
    /// Base64 without padding, as in the PHC string format.
    fileprivate var unpadded: String { base64EncodedString().replacing("=", with: "") }

    fileprivate init?(unpadded text: Substring) {
        self.init(
            base64Encoded: text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4))
    }
}
