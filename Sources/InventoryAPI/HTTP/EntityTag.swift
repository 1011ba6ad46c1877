internal import Crypto
internal import Foundation
internal import Inventory

/// A strong entity tag (RFC 9110 §8.8.3).
struct EntityTag: Equatable, CustomStringConvertible {
    /// The text between the quotes.
    let opaque: String

    init(opaque: String) {
        self.opaque = opaque
    }

    /// The tag of a number, which is its version.
    init(_ number: DIDNumber) {
        opaque = String(number.version)
    }

    /// A tag that two contents have in common only where they are the same, byte for byte.
    init(ofContent parts: [UInt8]...) {
        var hash = SHA256()
        for part in parts { hash.update(data: part) }
        // Half of the hash suffices: who found two contents with one tag would deceive only himself.
        opaque = hash.finalize().prefix(16).hexadecimal
    }

    /// Stands for every tag that the server cannot have given out.
    static let foreign = EntityTag(opaque: "")

    /// The version of the number whose tag this is; nil for any other tag, also one that only reads
    /// as a number: "+1" and "01" are not "1".
    var version: Int64? {
        Int64(opaque).flatMap { String($0) == opaque ? $0 : nil }
    }

    var description: String { "\"\(opaque)\"" }
}
