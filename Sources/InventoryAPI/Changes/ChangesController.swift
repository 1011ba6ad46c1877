internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging
internal import Threads

/// What was done to numbers, and many at once: `/api/v1/changes`.
struct ChangesController {
    let store: any ChangeStore
    /// Reads bodies with many ids, which takes longer than others may wait.
    private let threads = BlockingThreadPool(count: 1, mostWaiting: 32)

    static let path = "/api/v1/changes"

    init(store: any ChangeStore) {
        self.store = store
    }

    func addRoutes(
        users: some RouterMethods<UserContext>, supervisors: some RouterMethods<SupervisorContext>
    ) {
        users.group("numbers").get("{id}/changes", use: history)
        users.group("changes")
            .get(use: list)
            .get("{id}", use: get)
            .get("{id}/numbers", use: numbers)
        supervisors.group("changes")
            .post(use: create)
            .post("{id}/undo", use: undo)
    }

    @Sendable func list(_ request: Request, context: UserContext) async throws -> Response {
        let (parameters, query) = try request.parameters(ChangeQuery.parameterNames) {
            ChangeQuery(&$0)
        }
        let page = try await store.listChanges(query)
        return try request.notModifiedIfMatching(
            Response(page, query.paging, parameters, of: request, json: \.json))
    }

    @Sendable func get(_ request: Request, context: UserContext) async throws -> Response {
        let change = try await store.change(try context.id(of: "change"))
        let text = change.json.text
        return try request.notModifiedIfMatching(
            EntityTag(ofContent: text), Response(jsonText: text))
    }

    @Sendable func numbers(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "change")
        let (parameters, paging) = try request.parameters(Paging.parameterNames) {
            Paging(&$0)
        }
        let page = try await store.changedNumbers(ofChange: id, paging)
        return try request.notModifiedIfMatching(
            Response(page, paging, parameters, of: request, json: \.json))
    }

    @Sendable func history(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "number")
        let (parameters, paging) = try request.parameters(Paging.parameterNames) {
            Paging(&$0)
        }
        let page = try await store.history(ofNumber: id, paging)
        return try request.notModifiedIfMatching(
            Response(page, paging, parameters, of: request, json: \.json))
    }

    /// Changes many numbers at once, or tells what that would do.
    @Sendable func create(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let (_, isDryRun) = try request.parameters(["dryRun"]) { $0.flag("dryRun") }
        let expected = try EntityTags(.ifMatch, of: request)
        let bulk = try BulkChange(
            try await request.objectInput(atMost: Request.largestSelection, on: threads))
        if isDryRun { return Response(ChangeResponse(try await store.preview(bulk))) }
        return try await context.respond { keyed in
            let response = { @Sendable (outcome: BulkOutcome) in
                switch outcome {
                case .changed(let change): ChangeResponse(created: change, for: request)
                case .unchanged(let preview): ChangeResponse(preview)
                }
            }
            let outcome = try await store.changeNumbers(
                bulk, by: context.author, once: keyed?.once(response)
            ) { expected?.contains(EntityTag(opaque: $0)) ?? true }
            if case .changed(let change) = outcome { context.audit("numbers changed", change) }
            return response(outcome)
        }
    }

    @Sendable func undo(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.id(of: "change")
        return try await context.respond { keyed in
            let response = { @Sendable in ChangeResponse(created: $0, for: request) }
            let change = try await store.undoChange(
                id, by: context.author, once: keyed?.once(response))
            context.audit("change undone", change)
            return response(change)
        }
    }
}

extension ChangeResponse {
    fileprivate init(created change: Change, for request: Request) {
        self.init(
            status: 201, location: request.address("\(ChangesController.path)/\(change.id)"),
            change: change.id, body: change.json.text)
    }

    /// - Parameter preview: With its tag as `If-Match`, the change does exactly this, or fails.
    fileprivate init(_ preview: BulkPreview) {
        self.init(
            status: 200, etag: EntityTag(opaque: preview.tag).description, change: nil,
            body: preview.json.text)
    }
}

extension SupervisorContext {
    /// Logs who changed how many numbers, and as which change it is recorded.
    fileprivate func audit(_ deed: Logger.Message, _ change: Change) {
        var metadata: Logger.Metadata = [
            "user": "\(user.username)", "change": .stringConvertible(change.id),
            "kind": "\(change.kind.rawValue)", "count": .stringConvertible(change.count),
        ]
        if let undoes = change.undoes { metadata["undoes"] = .stringConvertible(undoes) }
        logger.info(deed, metadata: metadata)
    }
}
