internal import Foundation
package import Inventory

extension Author {
    /// Whose changes they are in tests that ask for no author.
    package static let tester = Author(
        username: "tester", at: Date(timeIntervalSince1970: 1_800_000_000))
}

/// Writing by the tester, for tests that need no change.
extension NumberStore {
    @discardableResult
    package func createNumber(_ content: NumberContent) async throws -> DIDNumber {
        try await createNumber(content, by: .tester).number
    }

    @discardableResult
    package func updateNumber(
        _ id: Int64, if condition: VersionCondition,
        _ change: @escaping @Sendable (inout NumberContent) throws -> Void
    ) async throws -> DIDNumber {
        try await updateNumber(id, if: condition, by: .tester, change).number
    }

    @discardableResult
    package func deleteNumber(
        _ id: Int64, if condition: VersionCondition
    ) async throws -> DIDNumber {
        try await deleteNumber(id, if: condition, by: .tester).number
    }
}
