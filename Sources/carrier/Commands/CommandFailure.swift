internal import Foundation
internal import Inventory

struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ message: String) {
        description = message
    }

    /// - Parameter number: The system's error, from `errno`.
    init(_ beginning: String, _ number: Int32, _ end: String = "") {
        // EBADF means that a standard stream is closed: see `Carrier.main`.
        let reason = number == EBADF ? "It is closed" : String(cString: strerror(number))
        let advice = number == ENOSPC ? " Free some space." : ""
        description = "\(beginning): \(reason).\(advice)\(end)"
    }

    init(_ error: any Error, done: String = "Nothing was done") {
        description =
            switch error {
            case let error as InventoryError: Self.message(error, done)
            case let error as any OperatorError: error.advice
            default: "\(error)"
            }
    }

    private static func message(_ error: InventoryError, _ done: String) -> String {
        switch error {
        case .noSuchChange(let id, let oldest):
            "There is no change \(id)"
                + (oldest.map { id < $0 ? "; the oldest that is kept is \($0)." : "." } ?? ".")
        case .alreadyUndone(let id, let other):
            "Change \(id) was undone already, by change \(other)."
        case .cannotUndo(let id, let obstacles):
            "Change \(id) cannot be undone, and nothing was:\n"
                + obstacles.elements.map(\.line).orMore(of: obstacles.total).joined(separator: "\n")
        case .unavailable(let reason), .tooSlow(let reason):
            "\(done). \(CommandFailure(reason))"
        case .idempotencyKeyReused:
            "\(done). The --idempotency-key was used for another command. Use a new key."
        case .idempotencyKeyInUse:
            "\(done). The same command with this --idempotency-key is running. Run this one again."
        case .tooManyIdempotencyKeys:
            "\(done). There are too many keys of the last 24 hours. Use no key, or wait."
        case .outcomeUnknown:
            "The database did not confirm the change, which may have been made. See carrier history list."
        default: "\(error)"
        }
    }
}

extension [String] {
    func orMore(of total: Int) -> [String] {
        total > count ? self + ["… and \(total - count) more."] : self
    }
}

extension UndoConflict {
    fileprivate var line: String {
        switch self {
        case .moved(let id, let change?, let members):
            "\(members.map(\.rawValue).joined(separator: ", ")) of number \(id)"
                + " changed since, by change \(change)"
        case .moved(let id, nil, _):
            "number \(id) was changed since by a program that keeps no history"
        case .taken(let id, let number):
            "the phone number of number \(id) is number \(number)'s now"
        }
    }
}
