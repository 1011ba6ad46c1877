-- The history: one row for each request that changed numbers. Times are in milliseconds since 1970. An undo has
-- `undoes`, the change that it undoes, `origin`, the first change of its chain of undos and redos, and `place`,
-- its sequence number in that chain.
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

-- Filters the list of changes by time and by user, and finds the last undo of a chain.
CREATE INDEX change_by_time ON change (at);
CREATE INDEX change_by_username ON change (username);
CREATE UNIQUE INDEX change_by_origin ON change (origin, place) WHERE origin IS NOT NULL;

-- The content of each changed number before and after the change; its digits are NULL if the number did not exist
-- then. `standing` is the change whose result an undo restored. The table has no foreign keys, because the history
-- outlives its numbers, and these rows are inserted before their change.
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

-- Finds the history of a number.
CREATE INDEX change_number_by_number ON change_number (number);
