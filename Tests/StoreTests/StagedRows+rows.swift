import Inventory

extension StagedRows {
    /// A few rows in each batch, as a file's reader makes more.
    init(_ rows: [ImportRow], batchSize: Int = 3) {
        let starts = Array(stride(from: 0, to: rows.count, by: batchSize))
        self.init(batchCount: starts.count) { Array(rows[starts[$0]...].prefix(batchSize)) }
    }
}
