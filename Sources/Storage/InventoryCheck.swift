internal import Inventory

package enum CheckSubject: CaseIterable {
    /// The database's own check of its tables and indexes.
    case storage
    case references
    /// The stored counts of the numbers in each currency.
    case counts
    case search
    /// Whether each phone number's text matches its digits.
    case values
    /// Whether each number matches the last entry of its history.
    case history
    /// The stored counts of the numbers of each change.
    case changes
}

/// An error in a store, as a message for the operator.
package enum IntegrityError: Equatable, Sendable, CustomStringConvertible {
    case storage(String)
    case references(table: String, parent: String, count: Int64)
    case count(currency: String, kept: Int64, found: Int64)
    case search(wrong: Int64, missing: Int64)
    case value(number: Int64)
    case history(number: Int64, change: Int64)
    case change(id: Int64, kept: Int64, found: Int64)

    package var description: String {
        switch self {
        case .storage(let words): "The database says: \(words)" + (words.hasSuffix(".") ? "" : ".")
        case .references(let table, let parent, let count):
            "\(count) rows of \(table) reference a missing \(parent)."
        case .count(let currency, let kept, let found):
            "The count of numbers in \(currency) is \(kept), but there are \(found)."
        case .search(let wrong, let missing):
            "The index for searches has \(wrong) wrong entries and lacks \(missing)."
        case .value(let number): "The text of number \(number) does not have its digits."
        case .history(let number, let change):
            "Number \(number) differs from its last change, \(change)."
        case .change(let id, let kept, let found):
            "Change \(id) counts \(kept) numbers, but has \(found) entries."
        }
    }
}

/// The errors of one subject.
package struct IntegrityErrors: Equatable, Sendable {
    /// How many errors of a subject are listed.
    package static let most = 100

    package private(set) var total: Int
    package private(set) var first: [IntegrityError]

    package init(total: Int = 0, first: [IntegrityError] = []) {
        self.total = total
        self.first = first
    }

    package mutating func append(_ error: IntegrityError) {
        total += 1
        if first.count < Self.most { first.append(error) }
    }
}

package struct InventoryCheck: Sendable {
    /// Nil if the rows cannot be counted.
    package let size: InventorySize?
    /// One element for each subject with errors.
    package let errors: [IntegrityErrors]

    package var isGood: Bool { errors.isEmpty && size != nil }
}

extension InventorySnapshot {
    /// Checks all subjects, even if one has errors.
    package func check(_ subjects: [CheckSubject] = CheckSubject.allCases) -> InventoryCheck {
        InventoryCheck(
            size: try? size(), errors: subjects.map(found).filter { $0.total > 0 })
    }

    private func found(_ subject: CheckSubject) -> IntegrityErrors {
        do {
            return try subject == .values ? unlikeValues() : errors(in: subject)
        } catch {
            let words = (error as? any OperatorError)?.advice ?? "\(error)"
            return IntegrityErrors(total: 1, first: [.storage(words)])
        }
    }

    private func unlikeValues() throws -> IntegrityErrors {
        var errors = IntegrityErrors()
        try forEachBatch(of: numbers, after: 0, key: \.id) { numbers in
            for number in numbers where !number.content.value.isShownWithItsDigits {
                errors.append(.value(number: number.id))
            }
        }
        return errors
    }
}

extension PhoneNumber {
    fileprivate var isShownWithItsDigits: Bool {
        formatted.utf8.first == UInt8(ascii: "+")
            && formatted.utf8.lazy.filter(\.isDigit).elementsEqual(digits.utf8)
    }
}
