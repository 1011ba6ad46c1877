/// Which versions of a number a client is willing to change.
package struct VersionCondition: Equatable, Sendable {
    package enum Versions: Equatable, Sendable {
        case all
        case some(Set<Int64>)

        func contains(_ version: Int64) -> Bool {
            switch self {
            case .all: true
            case .some(let versions): versions.contains(version)
            }
        }
    }

    private let allowed: Versions
    private let refused: Versions

    /// Holds whatever the version is.
    package static let always = VersionCondition()

    package init(allowed: Versions = .all, refused: Versions = .some([])) {
        self.allowed = allowed
        self.refused = refused
    }

    /// - Throws: ``InventoryError/versionConflict(current:)`` where this does not hold for `number`.
    package func check(_ number: DIDNumber) throws(InventoryError) {
        guard allowed.contains(number.version), !refused.contains(number.version) else {
            throw .versionConflict(current: number)
        }
    }
}
