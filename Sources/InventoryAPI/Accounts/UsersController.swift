internal import Credentials
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging

/// The users of the inventory: `/api/v1/users`.
struct UsersController {
    let accounts: any AccountStore
    let hasher: PasswordHasher
    let now: @Sendable () -> Date

    func list(_ request: Request, context: UserContext) async throws -> Response {
        try await request.response(\.json) { try await accounts.listAccounts($0, now: now()) }
    }

    func create(_ request: Request, context: UserContext) async throws -> Response {
        let new = try NewUser(await request.objectInput())
        let user = try await accounts.createUser(
            UserDraft(
                username: new.username, role: new.role,
                passwordHash: try await hasher.hash(new.password)))
        context.audit("user added", user.metadata)
        return Response(
            status: .created, headers: [.location: request.address(ofUser: user.id)],
            json: Account(user: user, sessions: 0).json)
    }

    func get(_ request: Request, context: UserContext) async throws -> Response {
        try request.refuseParameters()
        let account = try await accounts.account(try context.id(of: "user"), now: now())
        return try request.response(account.json)
    }

    func update(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "user")
        var reader = try await request.objectInput()
        reader.expectID(id)
        let patch = try UserPatch(reader)
        var hash: PasswordHash?
        if let password = patch.password { hash = try await hasher.hash(password) }
        guard patch.role != nil || hash != nil else {
            return Response(json: try await accounts.account(id, now: now()).json)
        }
        let account = try await accounts.updateUser(
            .id(id), role: patch.role, passwordHash: hash, now: now())
        context.audit(
            hash == nil ? "user changed" : "user changed and signed out", account.user.metadata)
        return Response(json: account.json)
    }

    func delete(_ request: Request, context: UserContext) async throws -> Response {
        let user = try await accounts.removeUser(.id(try context.id(of: "user")))
        context.audit("user removed", user.metadata)
        return Response(status: .noContent)
    }

    func listSessions(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "user")
        return try await request.response(\.json) {
            try await accounts.listSessions(ofUser: id, $0, now: now())
        }
    }

    func endSessions(_ request: Request, context: UserContext) async throws -> Response {
        let user = try await accounts.endSessions(ofUser: try context.id(of: "user"))
        context.audit("user signed out", user.metadata)
        return Response(status: .noContent)
    }
}

extension User {
    var members: JSONMembers {
        [
            ("id", .number(id)), ("username", .string(username.description)),
            ("role", .string(role.rawValue)),
        ]
    }

    fileprivate var metadata: Logger.Metadata {
        [
            "id": .stringConvertible(id), "username": "\(username)", "role": "\(role.rawValue)",
        ]
    }
}

extension Account {
    fileprivate var json: JSONValue {
        .object(user.members + [("sessions", .number(sessions))])
    }
}

extension SessionPeriod {
    fileprivate var json: JSONValue {
        .object([
            ("createdAt", createdAt.map { .string($0.formatted(.iso8601)) } ?? .null),
            ("expiresAt", .string(expiresAt.formatted(.iso8601))),
        ])
    }
}
