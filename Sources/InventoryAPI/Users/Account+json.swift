internal import Foundation
internal import Inventory
internal import JSON

extension User {
    /// What a user and others are told of the user.
    var members: [(name: String, value: JSONValue)] {
        [
            ("id", .number(id)), ("username", .string(username.description)),
            ("role", .string(role.rawValue)),
        ]
    }
}

extension Account {
    /// What supervisors are told of a user.
    var json: JSONValue { .object(user.members + [("sessions", .number(sessions))]) }
}

extension SessionPeriod {
    var json: JSONValue {
        .object([
            ("createdAt", createdAt.map { .string($0.formatted(.iso8601)) } ?? .null),
            ("expiresAt", .string(expiresAt.formatted(.iso8601))),
        ])
    }
}
