internal import Storage

enum Schema {
    static let tables = [
        "number", "number_count", "user", "session", "change", "change_number",
        "idempotency_key",
    ]

    /// Never edit a released migration.
    static let migrations: [Migration] = [
        .breaking("numbers", sql("01-numbers")),
        .breaking("accounts", sql("02-accounts")),
        .additive("searches merge in steps", sql("03-search-merges")),
        .additive("changes", sql("04-changes")),
        .additive("kinds of changes are compared one by one", sql("05-change-kinds")),
        .additive("when sessions began", sql("06-session-start")),
        .additive("idempotency keys", sql("07-idempotency-keys")),
        .additive("lost digits", sql("08-lost-digits")),
        .final("one index for both directions", sql("09-both-directions")),
    ]

    private static func sql(_ file: String) -> String { Migration.sql("SQLite/" + file) }
}
