/// The SQL of a migration; NULL if there is no such file.
const char *_Nullable postgresMigration(const char *_Nonnull file);
