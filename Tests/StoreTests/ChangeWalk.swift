@testable import Inventory
import Storage
import StoreTesting
import Testing

/// Random changes of all kinds, compared with a model.
@Suite(.stores) struct ChangeWalkContract {
    @Test(arguments: Backend.allCases, [1, 2, 3] as [UInt64])
    func storeAndModelAgree(backend: Backend, seed: UInt64) async throws {
        let store = try await backend.store()
        var walk = ChangeWalk(store, seed: seed)
        for _ in 0..<120 { try await walk.step() }
        try await walk.checkHistories()
        try await walk.undoAll()
        try await walk.checkHistories()
    }
}

/// Makes random changes in a store and in a model, which must have the same outcomes.
struct ChangeWalk {
    let store: any TransferableStore
    private var model = ChangeModel()
    private var random: any RandomNumberGenerator
    /// Few phone numbers, so that they recur.
    private let values = (10..<22).map { "+55 84 91234-43\($0)" }

    init(_ store: any TransferableStore, seed: UInt64) {
        self.store = store
        random = Steps(state: seed)
    }

    /// A deterministic random generator.
    private struct Steps: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) | (state << 31)
        }
    }

    private mutating func content() throws -> NumberContent {
        try NumberContent(
            values.randomElement(using: &random) ?? "",
            monthyPrice: "0.0\(Int.random(in: 1...9, using: &random))",
            currency: Bool.random(using: &random) ? "€" : "U$")
    }

    private mutating func id() -> Int64 {
        // Some of these numbers were deleted, and some never existed.
        Int64.random(in: 1...Int64(max(3, model.entries.count / 3)), using: &random)
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...1: try await create()
        case 2...3: try await change()
        case 4: try await delete()
        case 5...6: try await changeMany()
        case 7...8: try await importRows()
        default: try await undo()
        }
        try await check()
    }

    private mutating func create() async throws {
        let content = try content()
        do {
            let created = try await store.createNumber(content, by: .tester)
            #expect(model.number(withDigits: content.value.digits) == nil)
            model.record(try #require(created.change), .create, [created.number.id: content])
        } catch InventoryError.numberExists(let id, _) {
            #expect(model.number(withDigits: content.value.digits)?.id == id)
        }
    }

    private mutating func change() async throws {
        let (id, content) = (id(), try content())
        do {
            let changed = try await store.updateNumber(id, if: .always, by: .tester) {
                $0 = content
            }
            #expect((changed.change == nil) == (model.numbers[id]?.content == content))
            if let change = changed.change { model.record(change, .change, [id: content]) }
        } catch InventoryError.noSuchNumber {
            #expect(model.numbers[id] == nil)
        } catch InventoryError.numberExists(let other, _) {
            #expect(model.number(withDigits: content.value.digits)?.id == other)
        }
    }

    private mutating func delete() async throws {
        let id = id()
        do {
            let deleted = try await store.deleteNumber(id, if: .always, by: .tester)
            model.record(try #require(deleted.change), .delete, [id: nil])
        } catch InventoryError.noSuchNumber {
            #expect(model.numbers[id] == nil)
        }
    }

    private mutating func changeMany() async throws {
        let currency = try content().currency
        let selected = model.numbers.values.filter { $0.content.currency == currency }
        let price = try content().monthyPrice
        let isDeletion = Int.random(in: 0..<4, using: &random) == 0
        let bulk = BulkChange(
            .matching(NumberFilter(currency: currency)),
            isDeletion ? .delete : .set(Adjustments(prices: [.monthyPrice: .to(price)])))
        do {
            let change = try await store.changeNumbers(bulk, by: .tester)
            var after: [Int64: NumberContent?] = [:]
            for number in selected {
                var content = number.content
                content.monthyPrice = price
                if isDeletion || content != number.content {
                    after[number.id] = .some(isDeletion ? nil : content)
                }
            }
            #expect((change?.count ?? 0) == after.count)
            if let change { model.record(change.id, bulk.kind, after) }
        } catch InventoryError.invalid {
            #expect(selected.isEmpty)
        }
    }

    /// Imports a few rows, some of which move phone numbers among existing numbers.
    private mutating func importRows() async throws {
        var rows: [ImportRow] = []
        var after: [Int64: NumberContent?] = [:]
        var new: [NumberContent] = []
        let ids = model.numbers.keys.sorted().shuffled(using: &random).prefix(3)
        let moved = ids.compactMap { model.numbers[$0]?.content }.shuffled(using: &random)
        for (id, content) in zip(ids, moved) {
            rows.append(.row(rows.count + 1, content, id: id))
            if model.numbers[id]?.content != content { after[id] = content }
        }
        let free = values.shuffled(using: &random).prefix(2)
        for value in free {
            var content = try content()
            content.value = try PhoneNumber(value)
            guard model.number(withDigits: content.value.digits) == nil else { continue }
            rows.append(.row(rows.count + 1, content))
            new.append(content)
        }
        guard !rows.isEmpty else { return }
        let report = try await store.importNumbers(.upsert, rows)
        #expect(report.errors == [])
        #expect(report.created == new.count)
        #expect(report.changed == after.count)
        #expect((report.change == nil) == (new.isEmpty && after.isEmpty))
        guard let change = report.change else { return }
        for content in new {
            let search = Search(content.value.digits)
            let found = try await store.listNumbers(
                NumberQuery(filter: NumberFilter(search: search))
            ).elements
            let created = try #require(found.first)
            #expect(created.version == 1)
            after[created.id] = created.content
        }
        model.record(change, .import, after)
    }

    private mutating func undo() async throws {
        // Undo the last changes more often: undos of others mostly conflict.
        let recent = Array(model.entries.suffix(Bool.random(using: &random) ? 3 : 1_000))
        guard let entry = recent.randomElement(using: &random) else { return }
        try await undo(entry.id)
    }

    private mutating func undo(_ id: Int64) async throws {
        let expected = model.undo(id)
        do {
            let change = try await store.undoChange(id, by: .tester)
            let after = try #require(expected, "\(id) should be refused")
            #expect(change.count == after.count)
            model.recordUndo(change.id, of: id, after)
        } catch InventoryError.cannotUndo(id, let obstacles) {
            #expect(expected == nil)
            #expect(obstacles.total > 0)
            #expect(obstacles.total == obstacles.elements.count)
        } catch InventoryError.alreadyUndone {
            #expect(model.isUndone(id))
        }
    }

    /// Undoes all changes, including undos, from the last to the first.
    mutating func undoAll() async throws {
        for entry in model.entries.reversed() {
            try #require(!model.isUndone(entry.id))
            try await undo(entry.id)
            try #require(model.isUndone(entry.id))
        }
        try await check()
        #expect(model.numbers.isEmpty)
    }

    /// Compares inventory and history with the model.
    func check() async throws {
        let page = try await store.listNumbers(NumberQuery(perPage: 1000))
        #expect(page.elements == model.numbers.values.sorted { $0.id < $1.id })
        #expect(page.total == model.numbers.count)
        let changes = try await store.listChanges(ChangeQuery(paging: Paging(perPage: 1000)))
        let entries = Array(model.entries.reversed())
        #expect(changes.total == entries.count)
        #expect(changes.elements.map(\.id) == entries.map(\.id))
        #expect(changes.elements.map(\.kind) == entries.map(\.kind))
        #expect(changes.elements.map(\.undoes) == entries.map(\.undoes))
        let undone = changes.elements.filter { $0.undoneBy != nil }
        #expect(undone.map(\.id) == entries.map(\.id).filter(model.isUndone))
        guard let last = model.entries.last else { return }
        let changed = try await store.changedNumbers(ofChange: last.id, Paging(perPage: 1000))
        #expect(changed.elements == last.changed)
    }

    /// Compares the history of every number with the model.
    func checkHistories() async throws {
        for id in Set(model.entries.flatMap { $0.changed.map(\.id) }) {
            let history = try await store.history(ofNumber: id, Paging(perPage: 1000))
            let expected = model.entries.reversed().flatMap { $0.changed.filter { $0.id == id } }
            #expect(history.elements.map(\.number) == expected)
        }
    }
}

extension ImportRow {
    fileprivate static func row(
        _ line: Int, _ content: NumberContent, id: Int64? = nil
    ) -> ImportRow {
        .row(
            line, content.value.formatted, id: id, monthyPrice: content.monthyPrice.description,
            setupPrice: content.setupPrice.description, currency: content.currency.symbol)
    }
}
