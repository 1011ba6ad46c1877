internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging

/// The numbers for sale: `/api/v1/numbers`.
struct NumbersController {
    let store: any NumberStore
    let numberCheck: NumberCheck

    static let path = "/api/v1/numbers"

    func addRoutes(
        users: some RouterMethods<UserContext>, supervisors: some RouterMethods<SupervisorContext>
    ) {
        users.group("numbers")
            .get(use: list)
            .get("{id}", use: get)
        supervisors.group("numbers")
            .post(use: create)
            .put("{id}", use: replace)
            .patch("{id}", use: update)
            .delete("{id}", use: delete)
    }

    @Sendable func list(_ request: Request, context: UserContext) async throws -> Response {
        let parameters = try QueryParameters(of: request, known: NumberQuery.parameterNames)
        let query = try NumberQuery(parameters)
        let page = try await store.listNumbers(query)
        let links = PageLinks(page: query.page, perPage: query.perPage, total: page.total)
        let text = JSONValue.array(page.numbers.map(\.json)).text
        let response = Response(
            headers: [
                .totalCount: String(page.total),
                .link: links.header { page in
                    request.address(Self.path + "?" + parameters.setting("page", to: "\(page)"))
                },
            ], jsonText: text)
        return try request.unlessMatching(
            EntityTag(ofContent: Array("\(page.total)\n".utf8), text), response)
    }

    @Sendable func create(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let draft = try NumberDraft(creating: await request.objectInput(), check: numberCheck)
        let number = try await store.createNumber(draft)
        context.audit("number created", number)
        return Response(
            status: .created,
            headers: [
                .location: request.address(ofNumber: number.id),
                .eTag: EntityTag(number).description,
            ], json: number.json)
    }

    @Sendable func get(_ request: Request, context: UserContext) async throws -> Response {
        let number = try await store.number(try context.numberID())
        return try request.unlessMatching(EntityTag(number), Response(json: number.json))
    }

    @Sendable func replace(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.numberID()
        let condition = try request.versionCondition()
        let draft = try NumberDraft(
            replacing: id, with: await request.objectInput(), check: numberCheck)
        let number = try await store.updateNumber(id, if: condition) { $0.replace(with: draft) }
        context.audit("number replaced", number)
        return Response(number)
    }

    @Sendable func update(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.numberID()
        let condition = try request.versionCondition()
        let input = try await request.objectInput(
            accepting: ["application/merge-patch+json", "application/json"])
        let patch = try NumberPatch(changing: id, with: input, check: numberCheck)
        let number = try await store.updateNumber(id, if: condition) { $0.apply(patch) }
        context.audit("number changed", number)
        return Response(number)
    }

    @Sendable func delete(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.numberID()
        let number = try await store.deleteNumber(id, if: try request.versionCondition())
        context.audit("number deleted", number)
        return Response(status: .noContent)
    }
}

extension Response {
    /// The answer to a change: the number as it is now, and its new tag.
    fileprivate init(_ number: DIDNumber) {
        self.init(headers: [.eTag: EntityTag(number).description], json: number.json)
    }
}

extension SupervisorContext {
    /// Logs who did what to which number, which then is, or was at last, as told.
    fileprivate func audit(_ deed: Logger.Message, _ number: DIDNumber) {
        logger.info(
            deed,
            metadata: [
                "user": "\(user.username)", "id": "\(number.id)", "version": "\(number.version)",
                "value": "\(number.value.formatted)", "monthyPrice": "\(number.monthyPrice)",
                "setupPrice": "\(number.setupPrice)", "currency": "\(number.currency.symbol)",
            ])
    }
}

extension RequestContext {
    /// The id in the path: a positive integer in plain digits.
    ///
    /// - Throws: ``Problem`` of type `not-found` where it is anything else.
    fileprivate func numberID() throws -> Int64 {
        let text = parameters.get("id") ?? ""
        // 042 and +42 are numbers to Swift, but not the address of anything.
        guard let id = Int64(text), id > 0, String(id) == text else {
            throw Problem.notFound("There is no number with id \(text.shortened).")
        }
        return id
    }
}
