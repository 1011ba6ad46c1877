/// The SQL of a migration; NULL if there is no such file.
const char *_Nullable sqliteMigration(const char *_Nonnull file);
