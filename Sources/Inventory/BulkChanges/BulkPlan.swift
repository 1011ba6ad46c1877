internal import Crypto

/// The effect of a ``BulkChange`` on the current inventory.
package struct BulkPlan {
    /// The numbers that change, by id.
    package private(set) var numbers: [ChangedNumber] = []
    package private(set) var preview = BulkPreview()
    private var selected: [DIDNumber] = []

    /// - Throws: ``InventoryError/invalid(_:)`` if `bulk` selects no numbers, or too many.
    package init(_ bulk: BulkChange, on target: some ChangeTransaction) throws {
        switch bulk.selection {
        case .ids(let ids): try select(ids, on: target)
        case .all: try select(NumberFilter(), on: target)
        case .matching(let filter): try select(filter, on: target)
        }
        guard !selected.isEmpty || preview.errorCount > 0 else {
            throw InventoryError.invalid("select", "must select one number at least")
        }
        if case .set(let adjustments) = bulk.action {
            preview.prices = adjustments.prices.mapValues { _ in PriceEffect() }
        }
        for number in selected { add(number, bulk.action) }
        preview.selected = selected.count
        preview.changed = numbers.count
        preview.shown = Array(numbers.prefix(BulkPreview.mostShown))
        preview.tag = tag
    }

    private mutating func select(_ ids: [Int64], on target: some ChangeTransaction) throws {
        let ids = Set(ids)
        try Self.check(count: ids.count)
        selected = try target.numbers(withIDs: ids.sorted()).sorted { $0.id < $1.id }
        for id in ids.subtracting(selected.map(\.id)).sorted() {
            note(NumberError(id: id, error: FieldError(field: nil, detail: "does not exist")))
        }
    }

    private mutating func select(_ filter: NumberFilter, on target: some ChangeTransaction) throws {
        let page = try target.page(NumberQuery(perPage: Selection.most, filter: filter))
        try Self.check(count: page.total)
        selected = page.elements
    }

    private static func check(count: Int) throws(InventoryError) {
        guard count <= Selection.most else {
            throw .invalid("select", "must select \(Selection.most) numbers at most, not \(count)")
        }
    }

    private mutating func add(_ number: DIDNumber, _ action: BulkChange.Action) {
        switch action {
        case .delete: numbers.append(.deleted(number))
        case .set(let adjustments):
            let (content, errors) = adjustments.applied(to: number.content)
            for error in errors { note(NumberError(id: number.id, error: error)) }
            guard errors.isEmpty else { return }
            for (member, adjustment) in adjustments.prices {
                guard let price = member.price else { continue }
                preview.prices[member]?.add(
                    adjustment, from: number.content[keyPath: price], to: content[keyPath: price])
            }
            guard content != number.content else { return }
            numbers.append(.changed(number, to: content))
        }
    }

    private mutating func note(_ error: NumberError) {
        preview.errorCount += 1
        if preview.errors.count < BulkPreview.mostErrors { preview.errors.append(error) }
    }

    private var tag: String {
        var hash = SHA256()
        for number in selected { hash.update(number.id, number.version, number.content) }
        for number in numbers {
            hash.update(number.id, number.version, number.before, number.after)
        }
        hash.update(data: Array(String(preview.errorCount).utf8))
        return hash.finalize().hexadecimal
    }
}

extension SHA256 {
    /// Ends each text with a NUL, which no text contains, so different texts have different bytes.
    fileprivate mutating func update(_ id: Int64, _ version: Int64, _ contents: NumberContent?...) {
        let members = contents.flatMap { content in
            NumberContent.Member.allCases.map { content?.text(of: $0) ?? "" }
        }
        for text in [String(id), String(version)] + members {
            update(data: Array(text.utf8) + [0])
        }
    }
}
