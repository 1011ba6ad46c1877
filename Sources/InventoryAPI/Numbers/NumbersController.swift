internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging

/// The numbers for sale, `/api/v1/numbers`, and their currencies.
struct NumbersController {
    let store: any NumberStore
    let numberCheck: NumberCheck

    func list(_ request: Request, context: UserContext) async throws -> Response {
        let (parameters, query) = try request.parameters(NumberQuery.parameterNames) {
            NumberQuery(&$0)
        }
        let page = try await store.listNumbers(query)
        return try request.response(
            page.elements.jsonText, total: page.total, query.paging, parameters)
    }

    func create(_ request: Request, context: UserContext) async throws -> Response {
        let reader = try await request.objectInput()
        let content = try NumberContent(reader, numberCheck: numberCheck)
        let response = { @Sendable (recorded: RecordedNumber) in
            ChangeResponse(
                status: 201, location: request.address(ofNumber: recorded.number.id),
                etag: EntityTag(recorded.number).description, change: recorded.change,
                body: recorded.number.json.text)
        }
        return try await context.respond(response) { once in
            let recorded = try await store.createNumber(content, by: context.author, once: once)
            context.audit("number created", recorded.number)
            return recorded
        }
    }

    func get(_ request: Request, context: UserContext) async throws -> Response {
        let number = try await store.number(try context.id(of: "number"))
        return try request.notModifiedIfMatching(Response(number))
    }

    func replace(_ request: Request, context: UserContext) async throws -> Response {
        try await update(
            request, context, "number replaced", isWhole: true,
            hintWhereMissing: "; use PATCH to change some members only"
        ) { try await request.objectInput() }
    }

    func update(_ request: Request, context: UserContext) async throws -> Response {
        try await update(request, context, "number changed") { try await request.patchInput() }
    }

    private func update(
        _ request: Request, _ context: UserContext, _ event: Logger.Message,
        isWhole: Bool = false, hintWhereMissing: String = "",
        _ input: () async throws -> ObjectReader
    ) async throws -> Response {
        let id = try context.id(of: "number")
        let condition = try request.versionCondition()
        var reader = try await input()
        reader.hintWhereMissing = hintWhereMissing
        reader.expectID(id)
        let patch = try NumberPatch(reader, numberCheck: numberCheck, isWhole: isWhole)
        let recorded = try await store.updateNumber(id, if: condition, by: context.author) {
            try $0.apply(patch)
        }
        context.audit(event, recorded.number)
        var response = Response(recorded.number)
        response.headers[.changeID] = recorded.change.map(String.init)
        return response
    }

    func delete(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "number")
        let recorded = try await store.deleteNumber(
            id, if: try request.versionCondition(), by: context.author)
        context.audit("number deleted", recorded.number)
        var response = Response(status: .noContent)
        response.headers[.changeID] = recorded.change.map(String.init)
        return response
    }

    func listCurrencies(_ request: Request, context: UserContext) async throws -> Response {
        _ = try request.parameters([]) { _ in }
        let currencies = try await store.listCurrencies().map { currency in
            JSONValue.object([
                ("currency", .string(currency.currency.symbol)), ("count", .number(currency.count)),
            ])
        }
        return try request.response(.array(currencies))
    }
}

extension Response {
    fileprivate init(_ number: DIDNumber) {
        self.init(headers: [.eTag: EntityTag(number).description], json: number.json)
    }
}

extension NumberQuery {
    static let parameterNames = Paging.parameterNames + parameterNamesWithoutPage
    static let parameterNamesWithoutPage = ["sort"] + NumberFilter.names

    init(_ parameters: inout QueryParameters) {
        let paging = Paging(&parameters)
        self.init()
        self.paging = paging
        sort = parameters.read("sort", SortKey.list) ?? []
        filter = parameters.readFilled { NumberFilter(&$0) }
    }
}

extension ObjectReader {
    /// Notes an error if the body's `id` is not the path's: clients may send all members back.
    mutating func expectID(_ id: Int64) {
        switch value(of: "id") {
        case nil: break
        case .number(let other) where other.hasSameBytes(as: String(id)): break
        case .string(let other) where other.hasSameBytes(as: String(id)): break
        case .number(let other), .string(let other):
            // The client's text is shown only if it is short.
            let shown = other.utf8.count <= 20 ? " (\(other.shortened))" : ""
            note("id", "differs from the address: the body's\(shown) is not \(id)")
        default: note("id", "must be \(id), as in the address, or be left out")
        }
    }
}

extension UserContext {
    var author: Author { Author(username: user.username.description, at: Date()) }

    /// - Parameter number: The changed number, or the number before its deletion.
    fileprivate func audit(_ event: Logger.Message, _ number: DIDNumber) {
        var metadata: Logger.Metadata = [
            "user": .string(user.username.description), "id": .stringConvertible(number.id),
            "version": .stringConvertible(number.version),
        ]
        for member in NumberContent.Member.allCases {
            metadata[member.rawValue] = .string(number.content.text(of: member))
        }
        logger.info(event, metadata: metadata)
    }
}
