internal import Foundation
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
        let (parameters, query) = try request.parameters(NumberQuery.parameterNames) {
            NumberQuery(&$0)
        }
        let page = try await store.listNumbers(query)
        let links = PageLinks(query.paging, total: page.total)
        return try request.notModifiedIfMatching(
            Response(
                page: page.elements.jsonText, total: page.total,
                links: links.header(request.pageAddress(Self.path, parameters))))
    }

    @Sendable func create(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let reader = try await request.objectInput()
        let content = try NumberContent(reader, numberCheck: numberCheck)
        return try await context.respond { keyed in
            let response = { @Sendable (recorded: RecordedNumber) in
                ChangeResponse(
                    status: 201, location: request.address(ofNumber: recorded.number.id),
                    etag: EntityTag(recorded.number).description, change: recorded.change,
                    body: recorded.number.json.text)
            }
            let recorded = try await store.createNumber(
                content, by: context.author, once: keyed?.once(response))
            context.audit("number created", recorded.number)
            return response(recorded)
        }
    }

    @Sendable func get(_ request: Request, context: UserContext) async throws -> Response {
        let number = try await store.number(try context.id(of: "number"))
        return try request.notModifiedIfMatching(Response(number))
    }

    @Sendable func replace(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.id(of: "number")
        let condition = try request.versionCondition()
        var reader = try await request.objectInput()
        reader.hintWhereMissing = "; use PATCH to change some members only"
        reader.expectID(id)
        let patch = try NumberPatch(reader, numberCheck: numberCheck, isWhole: true)
        let recorded = try await store.updateNumber(id, if: condition, by: context.author) {
            try $0.apply(patch)
        }
        context.audit("number replaced", recorded.number)
        return Response(recorded)
    }

    @Sendable func update(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.id(of: "number")
        let condition = try request.versionCondition()
        var reader = try await request.objectInput(
            accepting: ["application/merge-patch+json", "application/json"])
        reader.expectID(id)
        let patch = try NumberPatch(reader, numberCheck: numberCheck)
        let recorded = try await store.updateNumber(id, if: condition, by: context.author) {
            try $0.apply(patch)
        }
        context.audit("number changed", recorded.number)
        return Response(recorded)
    }

    @Sendable func delete(
        _ request: Request, context: SupervisorContext
    ) async throws -> Response {
        let id = try context.id(of: "number")
        let recorded = try await store.deleteNumber(
            id, if: try request.versionCondition(), by: context.author)
        context.audit("number deleted", recorded.number)
        return Response(status: .noContent, headers: HTTPFields(recorded))
    }
}

extension Response {
    /// The number as it is now, and its tag.
    fileprivate init(_ number: DIDNumber) {
        self.init(headers: [.eTag: EntityTag(number).description], json: number.json)
    }

    /// The number as it was written, its tag, and the change that tells of it.
    fileprivate init(_ recorded: RecordedNumber) {
        self.init(recorded.number)
        headers.append(contentsOf: HTTPFields(recorded))
    }
}

extension HTTPFields {
    /// Which change tells of what was written; nothing where nothing was changed.
    fileprivate init(_ recorded: RecordedNumber) {
        self.init()
        self[.changeID] = recorded.change.map(String.init)
    }
}

extension SupervisorContext {
    /// Who changes numbers with this request.
    var author: Author { Author(username: user.username.description, at: Date()) }

    /// Logs who did what to which number, which then is, or was at last, as told.
    fileprivate func audit(_ deed: Logger.Message, _ number: DIDNumber) {
        var metadata: Logger.Metadata = [
            "user": .string(user.username.description), "id": .stringConvertible(number.id),
            "version": .stringConvertible(number.version),
        ]
        for member in NumberContent.Member.allCases {
            metadata[member.rawValue] = .string(number.content.text(of: member))
        }
        logger.info(deed, metadata: metadata)
    }
}
