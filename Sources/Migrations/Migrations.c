#include "Migrations.h"
#include <stddef.h>
#include <string.h>

// #embed is C23, which clang knows in older modes too.
#pragma clang diagnostic ignored "-Wc23-extensions"

struct Migration {
    const char *file;
    const char *sql;
};

// clang-format off
static const struct Migration all[] = {
    {"SQLite/01-numbers", (const char[]) {
#embed "../SQLiteStore/Migrations/01-numbers.sql" suffix(, 0)
    }},
    {"SQLite/02-accounts", (const char[]) {
#embed "../SQLiteStore/Migrations/02-accounts.sql" suffix(, 0)
    }},
    {"SQLite/03-search-merges", (const char[]) {
#embed "../SQLiteStore/Migrations/03-search-merges.sql" suffix(, 0)
    }},
    {"SQLite/04-changes", (const char[]) {
#embed "../SQLiteStore/Migrations/04-changes.sql" suffix(, 0)
    }},
    {"SQLite/05-change-kinds", (const char[]) {
#embed "../SQLiteStore/Migrations/05-change-kinds.sql" suffix(, 0)
    }},
    {"SQLite/06-session-start", (const char[]) {
#embed "../SQLiteStore/Migrations/06-session-start.sql" suffix(, 0)
    }},
    {"SQLite/07-idempotency-keys", (const char[]) {
#embed "../SQLiteStore/Migrations/07-idempotency-keys.sql" suffix(, 0)
    }},
    {"SQLite/08-lost-digits", (const char[]) {
#embed "../SQLiteStore/Migrations/08-lost-digits.sql" suffix(, 0)
    }},
    {"SQLite/09-both-directions", (const char[]) {
#embed "../SQLiteStore/Migrations/09-both-directions.sql" suffix(, 0)
    }},
    {"Postgres/01-numbers", (const char[]) {
#embed "../PostgresStore/Migrations/01-numbers.sql" suffix(, 0)
    }},
    {"Postgres/02-accounts", (const char[]) {
#embed "../PostgresStore/Migrations/02-accounts.sql" suffix(, 0)
    }},
    {"Postgres/03-ids-in-all-indexes", (const char[]) {
#embed "../PostgresStore/Migrations/03-ids-in-all-indexes.sql" suffix(, 0)
    }},
    {"Postgres/04-changes", (const char[]) {
#embed "../PostgresStore/Migrations/04-changes.sql" suffix(, 0)
    }},
    {"Postgres/05-when-sessions-began", (const char[]) {
#embed "../PostgresStore/Migrations/05-when-sessions-began.sql" suffix(, 0)
    }},
    {"Postgres/06-idempotency-keys", (const char[]) {
#embed "../PostgresStore/Migrations/06-idempotency-keys.sql" suffix(, 0)
    }},
    {"Postgres/07-counts-of-large-changes", (const char[]) {
#embed "../PostgresStore/Migrations/07-counts-of-large-changes.sql" suffix(, 0)
    }},
    {"Postgres/08-lost-digits", (const char[]) {
#embed "../PostgresStore/Migrations/08-lost-digits.sql" suffix(, 0)
    }},
    {"Postgres/09-both-directions", (const char[]) {
#embed "../PostgresStore/Migrations/09-both-directions.sql" suffix(, 0)
    }},
};

const char *migrationSQL(const char *file) {
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].file, file) == 0) return all[i].sql;
    }
    return NULL;
}
