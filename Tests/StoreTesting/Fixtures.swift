package import Credentials
package import Foundation
package import Inventory

extension NumberContent {
    /// A content from texts that must be valid.
    package init(
        _ value: String, monthyPrice: String = "0.03", setupPrice: String = "3.40",
        currency: String = "U$"
    ) throws {
        self.init(
            value: try PhoneNumber(value), monthyPrice: try Price(monthyPrice),
            setupPrice: try Price(setupPrice), currency: try Currency(currency))
    }

    /// A number in the form that Benin used before it changed its numbers.
    package static let former = NumberContent(
        value: PhoneNumber(storedDigits: "22995123456", formatted: "+229 95 12 34 56"),
        monthyPrice: Price(storedTenThousandths: 300),
        setupPrice: Price(storedTenThousandths: 34_000), currency: Currency(storedSymbol: "U$"))
}

extension UserDraft {
    /// A draft with a name that must be valid.
    package init(
        _ username: String, role: Role = .supervisor, passwordHash: String = "a hash"
    ) {
        self.init(
            username: Username(stored: username), role: role,
            passwordHash: PasswordHash(stored: passwordHash))
    }
}

extension TokenDigest {
    /// A digest of 32 times `byte`.
    package init(repeating byte: UInt8) {
        self.init(bytes: Array(repeating: byte, count: 32))
    }
}

extension ScryptCost {
    /// Hashes at this cost take next to no time.
    package static let least = ScryptCost(logarithm: 1, blockSize: 1, parallelism: 1)
}

extension Author {
    /// The author of changes in tests that do not check the author.
    package static let tester = Author(
        username: "tester", at: Date(timeIntervalSince1970: 1_800_000_000))
}

/// Requests without an idempotency key.
extension NumberStore {
    package func createNumber(
        _ content: NumberContent, by author: Author
    ) async throws -> RecordedNumber {
        try await createNumber(content, by: author, once: nil)
    }
}

extension ChangeStore {
    package func undoChange(_ id: Int64, by author: Author) async throws -> Change {
        try await undoChange(id, by: author, once: nil)
    }

    package func changeNumbers(
        _ bulk: BulkChange, by author: Author,
        if isExpected: @escaping @Sendable (_ tag: String) -> Bool
    ) async throws -> BulkOutcome {
        try await changeNumbers(bulk, by: author, once: nil, if: isExpected)
    }

    package func importNumbers(
        _ mode: ImportMode, isDryRun: Bool, by author: Author, _ rows: StagedRows
    ) async throws -> ImportReport {
        try await importNumbers(mode, isDryRun: isDryRun, by: author, once: nil, rows)
    }
}

/// Writes by ``Author/tester``, for tests that do not need the recorded change.
extension NumberStore {
    @discardableResult
    package func createNumber(_ content: NumberContent) async throws -> DIDNumber {
        try await createNumber(content, by: .tester, once: nil).number
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

extension VersionCondition {
    package static let always = VersionCondition { _ in true }
}

extension AccountStore {
    package func setPassword(_ hash: PasswordHash, of username: Username) async throws {
        try await updateUser(.username(username), role: nil, passwordHash: hash, now: .now)
    }

    package func setRole(_ role: Role, of username: Username) async throws {
        try await updateUser(.username(username), role: role, passwordHash: nil, now: .now)
    }

    package func removeUser(_ username: Username) async throws {
        try await removeUser(.username(username))
    }

    /// The session of the token; nil if there is none, or if it has expired at `now`.
    package func session(_ digest: TokenDigest, now: Date) async throws -> Session? {
        try await authenticate(digest, now: now).session
    }
}
