package import Inventory
internal import JSON

/// The rows of a file, after they were checked.
package struct ImportRows: Sendable {
    /// Batch by batch, since there may be a million.
    private var batches: [[ImportRow]] = []
    private var nextBatch = 0
    private var faultCount = 0
    package private(set) var count = 0

    /// Takes rows over; of the faults that are too many to be told, only how many they are.
    mutating func append(_ rows: [ImportRow]) {
        guard !rows.isEmpty else { return }
        count += rows.count
        batches.append(
            rows.map { row in
                guard case .faulty(let line, let faults) = row else { return row }
                defer { faultCount += faults.count }
                let isTold = faultCount < ImportReport.mostFaults
                return isTold ? row : .faulty(line: line, Self.untold(faults.count))
            })
    }

    /// The next rows, which are not kept any longer; none after the last.
    package mutating func next() -> [ImportRow] {
        guard nextBatch < batches.count else { return [] }
        defer {
            batches[nextBatch] = []
            nextBatch += 1
        }
        return batches[nextBatch]
    }

    /// As many faults as a row has, in memory that all such rows share.
    private static func untold(_ count: Int) -> [Fault] {
        count < untold.count ? untold[count] : [Fault](repeating: nameless, count: count)
    }

    private static let nameless = Fault(field: nil, detail: "")
    private static let untold = (0...32).map { [Fault](repeating: nameless, count: $0) }
}

extension ImportRow {
    /// Checks what is written in a row.
    init(_ row: WrittenRow, mode: ImportMode, numberCheck: NumberCheck) {
        let input: ObjectInput
        switch row.content {
        case .malformed(let faults):
            self = .faulty(line: row.line, faults)
            return
        case .members(let members): input = members
        }
        var reader = ObjectReader(input)
        let id = reader.id()
        do throws(InventoryError) {
            let patch = try NumberPatch(
                reader, numberCheck: numberCheck, isWhole: mode == .create)
            self = .number(line: row.line, id: id, patch: patch)
        } catch {
            self = .faulty(line: row.line, error.faults)
        }
    }
}

extension ObjectReader {
    /// Which number the object is; nil where it does not say, or what it says is no id, which is
    /// noted.
    fileprivate mutating func id() -> Int64? {
        switch value(of: "id") {
        case nil: return nil
        case .number(let text), .string(let text):
            if let id = Int64(text), id > 0, text.hasSameBytes(as: String(id)) { return id }
        default: break
        }
        note("id", "must be the id of a number, such as 42, or be left out")
        return nil
    }
}
