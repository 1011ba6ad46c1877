/// Whether a server brings the tables up to date when it starts.
enum SchemaUpdate: String, CaseIterable {
    case on, off
}
