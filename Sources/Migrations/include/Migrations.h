/// The SQL of a migration, such as "SQLite/01-numbers"; NULL if there is no such file.
const char *_Nullable migrationSQL(const char *_Nonnull file);
