internal import Foundation
internal import Hummingbird
internal import Inventory
internal import JSON
internal import Logging
internal import Threads

/// The changes of numbers, and changes of many at once: `/api/v1/changes`.
struct ChangesController {
    let store: any ChangeStore
    /// Parses bodies with many ids, which would delay other requests on an event loop.
    private let threads = BlockingThreadPool(count: 1, mostWaiting: 32)

    func list(_ request: Request, context: UserContext) async throws -> Response {
        try await request.response(\.json) { try await store.listChanges($0) }
    }

    func get(_ request: Request, context: UserContext) async throws -> Response {
        try request.refuseParameters()
        return try request.response(try await store.change(try context.id(of: "change")).json)
    }

    func numbers(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "change")
        return try await request.response(\.json) {
            try await store.changedNumbers(ofChange: id, $0)
        }
    }

    func history(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "number")
        return try await request.response(\.json) { try await store.history(ofNumber: id, $0) }
    }

    func create(_ request: Request, context: UserContext) async throws -> Response {
        let (_, isDryRun) = try request.parameters(["dryRun"]) { $0.flag("dryRun") }
        let expected = try EntityTags(.ifMatch, of: request)
        let bulk = try BulkChange(try await request.objectInput(on: threads))
        if isDryRun { return Response(ChangeResponse(try await store.preview(bulk))) }
        let response = { @Sendable (outcome: BulkOutcome) in
            switch outcome {
            case .changed(let change): ChangeResponse(created: change, for: request)
            case .unchanged(let preview): ChangeResponse(preview)
            }
        }
        return try await context.respond(response) { once in
            let outcome = try await store.changeNumbers(bulk, by: context.author, once: once) {
                expected?.contains(EntityTag(opaque: $0)) ?? true
            }
            if case .changed(let change) = outcome {
                context.audit("numbers changed", change.metadata)
            }
            return outcome
        }
    }

    func undo(_ request: Request, context: UserContext) async throws -> Response {
        let id = try context.id(of: "change")
        return try await context.respond({ ChangeResponse(created: $0, for: request) }) { once in
            let change = try await store.undoChange(id, by: context.author, once: once)
            context.audit("change undone", change.metadata)
            return change
        }
    }
}

extension ChangeResponse {
    fileprivate init(created change: Change, for request: Request) {
        self.init(
            status: 201, location: request.address("/api/v1/changes/\(change.id)"),
            change: change.id, body: change.json.text)
    }

    /// A request with the preview's tag in `If-Match` makes exactly the previewed change, or fails.
    fileprivate init(_ preview: BulkPreview) {
        self.init(
            status: 200, etag: EntityTag(opaque: preview.tag).description, change: nil,
            body: preview.json.text)
    }
}

extension Change {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "change": .stringConvertible(id), "kind": "\(kind.rawValue)",
            "count": .stringConvertible(count),
        ]
        if let undoes { metadata["undoes"] = .stringConvertible(undoes) }
        return metadata
    }
}
