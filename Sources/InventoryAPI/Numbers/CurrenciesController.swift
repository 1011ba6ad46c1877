internal import Hummingbird
internal import Inventory
internal import JSON

/// What the numbers are priced in: `/api/v1/currencies`.
struct CurrenciesController {
    let store: any NumberStore

    func addRoutes(users: some RouterMethods<UserContext>) {
        users.get("currencies", use: list)
    }

    @Sendable func list(_ request: Request, context: UserContext) async throws -> Response {
        _ = try request.parameters([]) { _ in }
        let text = JSONValue.array(try await store.listCurrencies().map(\.json)).text
        return try request.notModifiedIfMatching(
            EntityTag(ofContent: text), Response(jsonText: text))
    }
}

extension CurrencyCount {
    fileprivate var json: JSONValue {
        .object([("currency", .string(currency.symbol)), ("count", .number(count))])
    }
}
