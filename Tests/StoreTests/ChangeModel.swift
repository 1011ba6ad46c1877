import Inventory

/// A simple model of the expected inventory and its history.
struct ChangeModel {
    struct Entry {
        let id: Int64
        let kind: Change.Kind
        /// Each changed number, before and after.
        let changed: [ChangedNumber]
        let undoes: Int64?
    }

    private(set) var numbers: [Int64: DIDNumber] = [:]
    private(set) var entries: [Entry] = []
    private struct Cell: Hashable {
        let number: Int64
        let member: NumberContent.Member
    }

    /// The changes of each member that are in force, oldest first.
    private var standing: [Cell: [Int64]] = [:]
    private var lastVersions: [Int64: Int64] = [:]

    /// All changes except undos, and except changes that were undone and not redone.
    private(set) var inForce: Set<Int64> = []

    func number(withDigits digits: String) -> DIDNumber? {
        numbers.values.first { $0.content.value.digits == digits }
    }

    mutating func record(
        _ id: Int64, _ kind: Change.Kind, _ after: [Int64: NumberContent?], undoes: Int64? = nil
    ) {
        var changed: [ChangedNumber] = []
        for (number, content) in after.sorted(by: { $0.key < $1.key }) {
            let before = numbers[number]?.content
            let version = (lastVersions[number] ?? 0) + (content == nil ? 0 : 1)
            lastVersions[number] = version
            numbers[number] = content.map { DIDNumber(id: number, content: $0, version: version) }
            changed.append(
                ChangedNumber(id: number, version: version, before: before, after: content))
        }
        entries.append(Entry(id: id, kind: kind, changed: changed, undoes: undoes))
        guard undoes == nil else { return }
        inForce.insert(id)
        for cell in cells(of: id) { standing[cell, default: []].append(id) }
    }

    private func cells(of id: Int64) -> [Cell] {
        entry(id)?.changed.flatMap { changed in
            changed.members.map { Cell(number: changed.id, member: $0) }
        } ?? []
    }

    func entry(_ id: Int64) -> Entry? { entries.first { $0.id == id } }

    /// The change that a chain of undos undoes and redoes; `id` itself if it is no undo.
    func origin(of id: Int64) -> Int64 {
        entry(id)?.undoes.map(origin(of:)) ?? id
    }

    /// Whether `id` is an undo that reverts its origin, not a redo.
    func isReversal(_ id: Int64) -> Bool {
        entry(id)?.undoes.map { !isReversal($0) } ?? false
    }

    func isUndone(_ id: Int64) -> Bool {
        inForce.contains(origin(of: id)) == isReversal(id)
    }

    /// The numbers that an undo of `id` should restore; nil if the undo must be refused.
    func undo(_ id: Int64) -> [Int64: NumberContent?]? {
        guard !isUndone(id), let entry = entry(origin(of: id)) else { return nil }
        let isRedo = isReversal(id)
        var after: [Int64: NumberContent?] = [:]
        for changed in entry.changed {
            // For an undo, the origin must be the last change of its members in force; for a redo,
            // the changes before the origin must be the ones in force.
            let expected = isRedo ? changed.before : changed.after
            let content = numbers[changed.id]?.content
            for member in changed.members {
                let stands = standing[Cell(number: changed.id, member: member)] ?? []
                let previous = befores[entry.id]?[Cell(number: changed.id, member: member)] ?? []
                guard content?.text(of: member) == expected?.text(of: member),
                    isRedo ? stands == previous : stands.last == entry.id
                else { return nil }
            }
            let restored = isRedo ? changed.after : changed.before
            after[changed.id] = .some(restored?.replacing(changed.members, in: content))
        }
        let others = numbers.values.filter { after[$0.id] == nil }.map(\.content.value.digits)
        let digits = after.values.compactMap { $0?.value.digits }
        guard Set(others).isDisjoint(with: digits) else { return nil }
        return after
    }

    /// For each change that was undone: the changes of its members that were in force before it.
    private var befores: [Int64: [Cell: [Int64]]] = [:]

    mutating func recordUndo(_ id: Int64, of other: Int64, _ after: [Int64: NumberContent?]) {
        let origin = origin(of: other)
        let isRedo = isReversal(other)
        record(id, .undo, after, undoes: other)
        for cell in cells(of: origin) {
            if isRedo {
                standing[cell, default: []].append(origin)
            } else {
                standing[cell]?.removeLast()
                befores[origin, default: [:]][cell] = standing[cell]
            }
        }
        if isRedo { inForce.insert(origin) } else { inForce.remove(origin) }
    }
}

extension ChangedNumber {
    /// The members that the change changed; all if the number was created or deleted.
    fileprivate var members: [NumberContent.Member] {
        NumberContent.Member.allCases.filter {
            before == nil || after == nil || before?.text(of: $0) != after?.text(of: $0)
        }
    }
}

extension NumberContent {
    fileprivate func replacing(_ members: [Member], in other: NumberContent?) -> NumberContent {
        guard var result = other else { return self }
        for member in members {
            switch member {
            case .value: result.value = value
            case .monthyPrice: result.monthyPrice = monthyPrice
            case .setupPrice: result.setupPrice = setupPrice
            case .currency: result.currency = currency
            }
        }
        return result
    }
}
