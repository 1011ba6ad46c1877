internal import Credentials
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging

/// Who may use the inventory, as supervisors see and change it: `/api/v1/users`.
struct UsersController {
    let accounts: any AccountStore
    let hasher: PasswordHasher
    let now: @Sendable () -> Date

    func addRoutes(supervisors: some RouterMethods<SupervisorContext>) {
        supervisors.group("users")
            .get(use: list)
            .get("{id}", use: get)
            .get("{id}/sessions", use: listSessions)
        supervisors.group("users", context: NamedSupervisorContext.self)
            .post(use: create)
            .patch("{id}", use: update)
            .delete("{id}", use: delete)
            .delete("{id}/sessions", use: endSessions)
    }

    @Sendable func list(_ request: Request, context: SupervisorContext) async throws -> Response {
        let (parameters, paging) = try request.parameters(Paging.parameterNames) {
            Paging(&$0)
        }
        let page = try await accounts.listAccounts(paging, now: now())
        return try request.notModifiedIfMatching(
            Response(page, paging, parameters, of: request, json: \.json))
    }

    @Sendable func create(
        _ request: Request, context: NamedSupervisorContext
    ) async throws -> Response {
        let new = try NewUser(await request.objectInput())
        let user = try await accounts.createUser(
            UserDraft(
                username: new.username, role: new.role,
                passwordHash: try await hasher.hash(new.password)))
        context.audit("user added", user)
        return Response(
            status: .created, headers: [.location: request.address(ofUser: user.id)],
            json: Account(user: user, sessions: 0).json)
    }

    @Sendable func get(_ request: Request, context: SupervisorContext) async throws -> Response {
        let account = try await accounts.account(try context.id(of: "user"), now: now())
        let text = account.json.text
        return try request.notModifiedIfMatching(
            EntityTag(ofContent: text), Response(jsonText: text))
    }

    @Sendable func update(
        _ request: Request, context: NamedSupervisorContext
    ) async throws -> Response {
        let id = try context.id(of: "user")
        var reader = try await request.objectInput(
            accepting: ["application/merge-patch+json", "application/json"])
        reader.expectID(id)
        let patch = try UserPatch(reader)
        var hash: PasswordHash?
        if let password = patch.password { hash = try await hasher.hash(password) }
        guard patch.role != nil || hash != nil else {
            return Response(json: try await accounts.account(id, now: now()).json)
        }
        let account = try await accounts.updateUser(
            .id(id), role: patch.role, passwordHash: hash, now: now())
        context.audit(hash == nil ? "user changed" : "user changed and signed out", account.user)
        return Response(json: account.json)
    }

    @Sendable func delete(
        _ request: Request, context: NamedSupervisorContext
    ) async throws -> Response {
        let user = try await accounts.removeUser(.id(try context.id(of: "user")))
        context.audit("user removed", user)
        return Response(status: .noContent)
    }

    @Sendable func listSessions(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.id(of: "user")
        let (parameters, paging) = try request.parameters(Paging.parameterNames) {
            Paging(&$0)
        }
        let page = try await accounts.listSessions(ofUser: id, paging, now: now())
        return try request.notModifiedIfMatching(
            Response(page, paging, parameters, of: request, json: \.json))
    }

    @Sendable func endSessions(
        _ request: Request, context: NamedSupervisorContext
    ) async throws -> Response {
        let user = try await accounts.endSessions(ofUser: try context.id(of: "user"))
        context.audit("user signed out", user)
        return Response(status: .noContent)
    }
}

extension NamedSupervisorContext {
    /// Logs who did what to which user, who then is, or was at last, as told.
    fileprivate func audit(_ deed: Logger.Message, _ other: User) {
        logger.info(
            deed,
            metadata: [
                "user": "\(user.username)", "id": .stringConvertible(other.id),
                "username": "\(other.username)",
                "role": "\(other.role.rawValue)",
            ])
    }
}
