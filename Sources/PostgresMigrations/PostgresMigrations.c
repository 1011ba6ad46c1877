#include "PostgresMigrations.h"
#include <stddef.h>
#include <string.h>

// #embed is C23, which clang knows in older modes too.
#pragma clang diagnostic ignored "-Wc23-extensions"

// clang-format off
static const char numbers[] = {
#embed "../PostgresStore/Migrations/01-numbers.sql" suffix(, 0)
};
static const char accounts[] = {
#embed "../PostgresStore/Migrations/02-accounts.sql" suffix(, 0)
};
static const char ids_in_all_indexes[] = {
#embed "../PostgresStore/Migrations/03-ids-in-all-indexes.sql" suffix(, 0)
};
static const char changes[] = {
#embed "../PostgresStore/Migrations/04-changes.sql" suffix(, 0)
};
static const char when_sessions_began[] = {
#embed "../PostgresStore/Migrations/05-when-sessions-began.sql" suffix(, 0)
};
static const char idempotency_keys[] = {
#embed "../PostgresStore/Migrations/06-idempotency-keys.sql" suffix(, 0)
};
static const char counts_of_large_changes[] = {
#embed "../PostgresStore/Migrations/07-counts-of-large-changes.sql" suffix(, 0)
};

static const struct {
    const char *file;
    const char *sql;
} all[] = {
    {"01-numbers", numbers},
    {"02-accounts", accounts},
    {"03-ids-in-all-indexes", ids_in_all_indexes},
    {"04-changes", changes},
    {"05-when-sessions-began", when_sessions_began},
    {"06-idempotency-keys", idempotency_keys},
    {"07-counts-of-large-changes", counts_of_large_changes},
};

const char *postgresMigration(const char *file) {
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].file, file) == 0) return all[i].sql;
    }
    return NULL;
}
