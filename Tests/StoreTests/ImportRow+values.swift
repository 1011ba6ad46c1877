import Inventory
import JSON
import StoreTesting

extension ImportRow {
    /// A row of the members that are not nil, as a reader makes it.
    static func row(
        _ line: Int, _ value: String?, id: Int64? = nil, monthyPrice: String? = "0.03",
        setupPrice: String? = "3.40", currency: String? = "U$"
    ) -> ImportRow {
        let members = [
            ("value", value), ("monthyPrice", monthyPrice), ("setupPrice", setupPrice),
            ("currency", currency),
        ].compactMap { name, text in text.map { (name: name, value: JSONValue.string($0)) } }
        do {
            let reader = ObjectReader(members: members)
            return .number(
                line: line, id: id, patch: try NumberPatch(reader, numberCheck: .possible))
        } catch {
            return .invalid(line: line, [FieldError(field: nil, detail: "\(error)")])
        }
    }
}

extension ChangeStore {
    /// Imports some rows.
    func importNumbers(
        _ mode: ImportMode, isDryRun: Bool = false, _ rows: [ImportRow]
    ) async throws -> ImportReport {
        try await importNumbers(mode, isDryRun: isDryRun, by: .tester, StagedRows(rows))
    }
}
