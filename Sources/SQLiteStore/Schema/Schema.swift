internal import GRDB
internal import Inventory
internal import Storage

/// The tables, and how they came to be.
///
/// Migrations are only ever added.
enum Schema {
    static let tables = [
        "number", "number_count", "user", "session", "change", "change_number",
        "idempotency_key",
    ]

    static let migrations: [Migration] = [
        .breaking("numbers", numbers + numberIndexes + numberSearch + numberCount),
        .breaking("accounts", accounts),
        .additive("searches merge in steps", searchesMergeInSteps),
        .additive("changes", changes),
        .additive("kinds of changes are compared one by one", kindsComparedOneByOne),
        // It is not known of the sessions that are there.
        .additive("when sessions began", "ALTER TABLE session ADD COLUMN createdAt INTEGER"),
        .additive("idempotency keys", idempotencyKeys),
    ]

    // AUTOINCREMENT: an id that was deleted is never given again.
    private static let numbers = """
        CREATE TABLE number (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            digits TEXT NOT NULL
                CONSTRAINT number_digits_unique UNIQUE
                CONSTRAINT number_digits_e164
                    CHECK (length(digits) BETWEEN 7 AND 15 AND digits NOT GLOB '*[^0-9]*'),
            value TEXT NOT NULL,
            monthyPrice INTEGER NOT NULL
                CONSTRAINT number_monthy_price_range
                    CHECK (monthyPrice BETWEEN 0 AND 9999999999999),
            setupPrice INTEGER NOT NULL
                CONSTRAINT number_setup_price_range CHECK (setupPrice BETWEEN 0 AND 9999999999999),
            currency TEXT NOT NULL
                CONSTRAINT number_currency_length CHECK (length(currency) BETWEEN 1 AND 3),
            version INTEGER NOT NULL DEFAULT 1
                CONSTRAINT number_version_positive CHECK (version > 0)
        ) STRICT;
        """

    // One for each order that a page can be asked for, of all numbers and of those in one currency.
    // Ties are broken by ascending id, which every index ends with, so columns that have ties need
    // an index for each direction. Values have none: each is its digits with blanks between.
    private static let numberIndexes = """
        CREATE UNIQUE INDEX number_by_value ON number (value);
        CREATE INDEX number_by_monthy_price ON number (monthyPrice);
        CREATE INDEX number_by_monthy_price_descending ON number (monthyPrice DESC);
        CREATE INDEX number_by_setup_price ON number (setupPrice);
        CREATE INDEX number_by_setup_price_descending ON number (setupPrice DESC);
        CREATE INDEX number_by_currency ON number (currency);
        CREATE INDEX number_by_currency_descending ON number (currency DESC);
        CREATE UNIQUE INDEX number_by_currency_value ON number (currency, value);
        CREATE INDEX number_by_currency_monthy_price ON number (currency, monthyPrice);
        CREATE INDEX number_by_currency_monthy_price_descending
            ON number (currency, monthyPrice DESC);
        CREATE INDEX number_by_currency_setup_price ON number (currency, setupPrice);
        CREATE INDEX number_by_currency_setup_price_descending
            ON number (currency, setupPrice DESC);
        """

    // https://www.sqlite.org/fts5.html#the_trigram_tokenizer: finds three digits or more anywhere.
    // The digits stay in the table, and the triggers are those of
    // https://www.sqlite.org/fts5.html#external_content_tables.
    private static let numberSearch = """
        CREATE VIRTUAL TABLE number_search USING fts5(
            digits, content='number', content_rowid='id', columnsize=0, tokenize='trigram'
        );
        CREATE TRIGGER number_search_insert AFTER INSERT ON number BEGIN
            INSERT INTO number_search (rowid, digits) VALUES (new.id, new.digits);
        END;
        CREATE TRIGGER number_search_delete AFTER DELETE ON number BEGIN
            INSERT INTO number_search (number_search, rowid, digits)
            VALUES ('delete', old.id, old.digits);
        END;
        CREATE TRIGGER number_search_update AFTER UPDATE OF digits ON number BEGIN
            INSERT INTO number_search (number_search, rowid, digits)
            VALUES ('delete', old.id, old.digits);
            INSERT INTO number_search (rowid, digits) VALUES (new.id, new.digits);
        END;
        """

    // https://www.sqlite.org/fts5.html#the_automerge_configuration_option: each row that is written
    // alone is a small index of its own, which FTS5 merges with others. By default it merges four at
    // once, in small steps, and sixteen whole, which holds up a commit for some 200 ms at a million
    // numbers. Merging sixteen in steps, and whole only what comes to be sixty-four, costs a third of
    // the time, and no commit waits.
    private static let searchesMergeInSteps = """
        INSERT INTO number_search (number_search, rank) VALUES ('automerge', 16);
        INSERT INTO number_search (number_search, rank) VALUES ('crisismerge', 64);
        """

    // Every page tells the total, and SQLite counts rows by reading them all.
    private static let numberCount = """
        CREATE TABLE number_count (
            currency TEXT PRIMARY KEY,
            count INTEGER NOT NULL CONSTRAINT number_count_not_negative CHECK (count >= 0)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER number_count_insert AFTER INSERT ON number BEGIN
            INSERT INTO number_count (currency, count) VALUES (new.currency, 1)
            ON CONFLICT (currency) DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER number_count_delete AFTER DELETE ON number BEGIN
            UPDATE number_count SET count = count - 1 WHERE currency = old.currency;
        END;
        CREATE TRIGGER number_count_update AFTER UPDATE OF currency ON number
        WHEN old.currency <> new.currency BEGIN
            UPDATE number_count SET count = count - 1 WHERE currency = old.currency;
            INSERT INTO number_count (currency, count) VALUES (new.currency, 1)
            ON CONFLICT (currency) DO UPDATE SET count = count + 1;
        END;
        """

    // Sessions end with their user. Times are in seconds since 1970.
    private static let accounts = """
        CREATE TABLE user (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            username TEXT NOT NULL
                CONSTRAINT user_username_unique UNIQUE
                CONSTRAINT user_username_length CHECK (length(username) BETWEEN 1 AND 64),
            role TEXT NOT NULL
                CONSTRAINT user_role_known CHECK (role IN ('supervisor', 'salesperson')),
            passwordHash TEXT NOT NULL
        ) STRICT;
        CREATE TABLE session (
            digest BLOB PRIMARY KEY NOT NULL
                CONSTRAINT session_digest_sha256 CHECK (length(digest) = 32),
            userID INTEGER NOT NULL
                CONSTRAINT session_user_exists REFERENCES user (id) ON DELETE CASCADE,
            expiresAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_by_user ON session (userID);
        CREATE INDEX session_by_expiry ON session (expiresAt);
        """

    // Times are in milliseconds since 1970. The content of a number before a change, and after it,
    // is there where its digits are. There are no foreign keys: numbers go while their history
    // stays, and what a change does is written down before the change itself.
    private static let changes = """
        CREATE TABLE change (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            username TEXT NOT NULL,
            kind TEXT NOT NULL
                CONSTRAINT change_kind_known CHECK (
                    kind IN (
                        'create', 'change', 'delete', 'changeMany', 'deleteMany', 'import', 'undo'
                    )
                ),
            count INTEGER NOT NULL CONSTRAINT change_count_positive CHECK (count > 0),
            undoes INTEGER,
            origin INTEGER,
            place INTEGER
        ) STRICT;
        CREATE INDEX change_by_time ON change (at);
        CREATE INDEX change_by_username ON change (username);
        CREATE UNIQUE INDEX change_by_origin ON change (origin, place) WHERE origin IS NOT NULL;
        CREATE TABLE change_number (
            change INTEGER NOT NULL,
            standing INTEGER,
            number INTEGER NOT NULL,
            version INTEGER NOT NULL,
            before_digits TEXT,
            before_value TEXT,
            before_monthyPrice INTEGER,
            before_setupPrice INTEGER,
            before_currency TEXT,
            after_digits TEXT,
            after_value TEXT,
            after_monthyPrice INTEGER,
            after_setupPrice INTEGER,
            after_currency TEXT,
            PRIMARY KEY (change, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX change_number_by_number ON change_number (number);
        """

    // SQLite makes a table of what follows an IN each time it checks a row: that took a tenth of all
    // that a create takes. The ids go on from where they were, also where the last changes are gone.
    private static let kindsComparedOneByOne = """
        CREATE TABLE new_change (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            username TEXT NOT NULL,
            kind TEXT NOT NULL
                CONSTRAINT change_kind_known CHECK (
                    kind = 'create' OR kind = 'change' OR kind = 'delete' OR kind = 'changeMany'
                    OR kind = 'deleteMany' OR kind = 'import' OR kind = 'undo'
                ),
            count INTEGER NOT NULL CONSTRAINT change_count_positive CHECK (count > 0),
            undoes INTEGER,
            origin INTEGER,
            place INTEGER
        ) STRICT;
        INSERT INTO new_change (id, at, username, kind, count, undoes, origin, place)
            SELECT id, at, username, kind, count, undoes, origin, place FROM change;
        DELETE FROM sqlite_sequence WHERE name = 'new_change';
        INSERT INTO sqlite_sequence (name, seq)
            SELECT 'new_change', seq FROM sqlite_sequence WHERE name = 'change';
        DROP TABLE change;
        ALTER TABLE new_change RENAME TO change;
        CREATE INDEX change_by_time ON change (at);
        CREATE INDEX change_by_username ON change (username);
        CREATE UNIQUE INDEX change_by_origin ON change (origin, place) WHERE origin IS NOT NULL;
        """

    // A request of a user, or of a command, with its response. Times are in milliseconds since 1970.
    private static let idempotencyKeys = """
        CREATE TABLE idempotency_key (
            username TEXT NOT NULL,
            "key" TEXT NOT NULL,
            digest TEXT NOT NULL,
            at INTEGER NOT NULL,
            status INTEGER NOT NULL,
            location TEXT,
            etag TEXT,
            change INTEGER,
            body TEXT NOT NULL,
            PRIMARY KEY (username, "key")
        ) STRICT;
        CREATE INDEX idempotency_key_by_user ON idempotency_key (username, at);
        CREATE INDEX idempotency_key_by_time ON idempotency_key (at);
        """
}
