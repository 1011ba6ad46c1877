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
        try await request.response(
            text: { $0.jsonText(withVersion: $1.includesVersion) },
            { (list: NumberList) in try await store.listNumbers(list.query) })
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
            context.audit("number created", recorded.number.metadata)
            return recorded
        }
    }

    func get(_ request: Request, context: UserContext) async throws -> Response {
        try request.refuseParameters()
        let number = try await store.number(try context.id(of: "number"))
        return try request.notModifiedIfMatching(Response(number))
    }

    /// PUT replaces all members, PATCH only those that the body has.
    func update(_ request: Request, context: UserContext) async throws -> Response {
        let isWhole = request.method == .put
        let id = try context.id(of: "number")
        let condition = try request.versionCondition()
        var reader = try await request.objectInput()
        if isWhole { reader.hintWhereMissing = "; use PATCH to change some members only" }
        reader.hints = [("version", "; send it in the header If-Match")]
        reader.expectID(id)
        let patch = try NumberPatch(reader, numberCheck: numberCheck, isWhole: isWhole)
        let recorded = try await store.updateNumber(id, if: condition, by: context.author) {
            try $0.apply(patch)
        }
        context.audit(isWhole ? "number replaced" : "number changed", recorded.number.metadata)
        return Response(recorded.number, change: recorded.change)
    }

    func delete(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "number")
        let recorded = try await store.deleteNumber(
            id, if: try request.versionCondition(), by: context.author)
        context.audit("number deleted", recorded.number.metadata)
        var response = Response(status: .noContent)
        response.headers[.changeID] = recorded.change.map(String.init)
        return response
    }

    func listCurrencies(_ request: Request, context: UserContext) async throws -> Response {
        let (_, filter) = try request.parameters(NumberFilter.names) { parameters in
            parameters.withoutBlanks { NumberFilter(&$0) }
        }
        let counts = try await store.listCurrencies(filter)
        let currencies =
            if let counts { counts } else {
                try await store.listCurrencies(NumberFilter(currency: filter.currency)) ?? []
            }
        return try request.response(
            .array(
                currencies.map { currency in
                    .object([
                        ("currency", .string(currency.currency.symbol)),
                        ("count", counts == nil ? .null : .number(currency.count)),
                    ])
                }))
    }
}

extension Response {
    fileprivate init(_ number: DIDNumber, change: Int64? = nil) {
        self.init(headers: [.eTag: EntityTag(number).description], json: number.json)
        headers[.changeID] = change.map(String.init)
    }
}

extension ObjectReader {
    /// Notes an error if the body's `id` is not the path's. Clients may send back all members.
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

extension DIDNumber {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "id": .stringConvertible(id), "version": .stringConvertible(version),
        ]
        for member in NumberContent.Member.allCases {
            metadata[member.rawValue] = .string(content.text(of: member))
        }
        return metadata
    }
}
