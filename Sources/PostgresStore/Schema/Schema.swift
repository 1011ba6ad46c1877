internal import Storage

enum Schema {
    static let tables = [
        "number", "number_count", "\"user\"", "session", "change", "change_number",
        "idempotency_key",
    ]

    /// The key of the advisory lock for migrations: "carrier" in ASCII.
    static let lock: Int64 = 0x63_6172_7269_6572

    /// Never edit a released migration.
    static let migrations: [Migration] = [
        .breaking("numbers", sql("01-numbers")),
        .breaking("accounts", sql("02-accounts")),
        .breaking("ids in all indexes", sql("03-ids-in-all-indexes"), isOfIndexes: true),
        .additive("changes", sql("04-changes")),
        .additive("when sessions began", sql("05-when-sessions-began")),
        .additive("idempotency keys", sql("06-idempotency-keys")),
        .additive("counts of large changes", sql("07-counts-of-large-changes")),
        .additive("lost digits", sql("08-lost-digits"), isOfIndexes: true),
        .final("one index for both directions", sql("09-both-directions"), isOfIndexes: true),
    ]

    private static func sql(_ file: String) -> String { Migration.sql("Postgres/" + file) }
}
