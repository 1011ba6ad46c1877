internal import Inventory

/// Why the inventory did not do what a command asked for, as a sentence.
struct InventoryFailure: Error, CustomStringConvertible {
    let description: String

    /// - Throws: ``InventoryFailure`` for each ``InventoryError`` of `body`, and its other errors.
    static func telling<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as InventoryError {
            throw InventoryFailure(error)
        }
    }

    private init(_ error: InventoryError) {
        description =
            switch error {
            case .noSuchChange(let id, let oldest):
                "There is no change \(id)"
                    + (oldest.map { "; the oldest that is kept is \($0)." } ?? ".")
            case .alreadyUndone(let id, let other):
                "Change \(id) was undone already, by change \(other)."
            case .cannotUndo(let id, let obstacles):
                "Change \(id) cannot be undone, and nothing was:\n"
                    + obstacles.first.map(\.line).joined(separator: "\n")
                    + (obstacles.total > obstacles.first.count
                        ? "\n… and \(obstacles.total - obstacles.first.count) more." : "")
            case .idempotencyKeyReused:
                "The --idempotency-key was used for another command, and nothing was done."
            case .idempotencyKeyInUse:
                "The same command with this --idempotency-key is running; run this one again."
            case .tooManyIdempotencyKeys:
                "There are too many keys of the last 24 hours, and nothing was done."
            case .unavailable(let reason), .tooSlow(let reason):
                "The inventory is busy or away, and nothing was done: \(reason)"
            case .inUse(let reason):
                "Another program reads all numbers for long, and nothing was done: \(reason)"
            case .outcomeUnknown:
                "The inventory gave no answer: look at the history whether it was done."
            default: "\(error)"
            }
    }
}

extension UndoObstacle {
    fileprivate var line: String {
        switch reason {
        case .moved(let change?): "number \(id) was changed since by change \(change)"
        case .moved(nil): "number \(id) was changed since by a program that keeps no history"
        case .taken(let number): "the phone number of number \(id) is number \(number)'s now"
        }
    }
}
