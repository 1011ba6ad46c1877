#include "SQLiteMigrations.h"
#include <stddef.h>
#include <string.h>

// #embed is C23, which clang knows in older modes too.
#pragma clang diagnostic ignored "-Wc23-extensions"

// clang-format off
static const char numbers[] = {
#embed "../SQLiteStore/Migrations/01-numbers.sql" suffix(, 0)
};
static const char accounts[] = {
#embed "../SQLiteStore/Migrations/02-accounts.sql" suffix(, 0)
};
static const char search_merges[] = {
#embed "../SQLiteStore/Migrations/03-search-merges.sql" suffix(, 0)
};
static const char changes[] = {
#embed "../SQLiteStore/Migrations/04-changes.sql" suffix(, 0)
};
static const char change_kinds[] = {
#embed "../SQLiteStore/Migrations/05-change-kinds.sql" suffix(, 0)
};
static const char session_start[] = {
#embed "../SQLiteStore/Migrations/06-session-start.sql" suffix(, 0)
};
static const char idempotency_keys[] = {
#embed "../SQLiteStore/Migrations/07-idempotency-keys.sql" suffix(, 0)
};

static const struct {
    const char *file;
    const char *sql;
} all[] = {
    {"01-numbers", numbers},
    {"02-accounts", accounts},
    {"03-search-merges", search_merges},
    {"04-changes", changes},
    {"05-change-kinds", change_kinds},
    {"06-session-start", session_start},
    {"07-idempotency-keys", idempotency_keys},
};

const char *sqliteMigration(const char *file) {
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].file, file) == 0) return all[i].sql;
    }
    return NULL;
}
