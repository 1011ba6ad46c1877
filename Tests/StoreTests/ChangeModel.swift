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
    /// The changes of each number that are in force, oldest first.
    private var standing: [Int64: [Int64]] = [:]
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
        for number in after.keys { standing[number, default: []].append(id) }
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
            // For an undo, the origin must be the last change in force; for a redo, the changes
            // before the origin must be the ones in force.
            let stands = standing[changed.id] ?? []
            let expected = isRedo ? changed.before : changed.after
            guard numbers[changed.id]?.content == expected,
                isRedo ? stands == previous(changed.id, entry.id) : stands.last == entry.id
            else { return nil }
            after[changed.id] = .some(isRedo ? changed.after : changed.before)
        }
        let others = numbers.values.filter { after[$0.id] == nil }.map(\.content.value.digits)
        let digits = after.values.compactMap { $0?.value.digits }
        guard Set(others).isDisjoint(with: digits) else { return nil }
        return after
    }

    /// The changes of `number` that were in force before `origin`.
    private func previous(_ number: Int64, _ origin: Int64) -> [Int64] {
        befores[Key(change: origin, number: number)] ?? []
    }

    private struct Key: Hashable {
        let change: Int64
        let number: Int64
    }

    private var befores: [Key: [Int64]] = [:]

    mutating func recordUndo(_ id: Int64, of other: Int64, _ after: [Int64: NumberContent?]) {
        let origin = origin(of: other)
        let isRedo = isReversal(other)
        record(id, .undo, after, undoes: other)
        for number in after.keys {
            if isRedo {
                standing[number, default: []].append(origin)
            } else {
                let before = Array((standing[number] ?? []).dropLast())
                standing[number] = before
                befores[Key(change: origin, number: number)] = before
            }
        }
        if isRedo { inForce.insert(origin) } else { inForce.remove(origin) }
    }
}
