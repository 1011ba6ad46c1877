-- SQLite stores each statement with its comments, so comments are between the statements.

-- The phone numbers for sale. `digits` is for look-ups, `value` is the same number formatted.
-- Prices are in ten-thousandths of the currency unit. AUTOINCREMENT never assigns an id again.
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

-- One index for each order of a page, of all numbers and of one currency. Pages break ties by ascending id, which is
-- the last column of every index. So a column with ties needs one index for each direction. The column `value` has no
-- ties.
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

-- Finds three digits or more anywhere in a number: https://www.sqlite.org/fts5.html#the_trigram_tokenizer.
-- The digits remain in `number`: https://www.sqlite.org/fts5.html#external_content_tables.
CREATE VIRTUAL TABLE number_search USING fts5(
    digits, content='number', content_rowid='id', columnsize=0, tokenize='trigram'
);

-- These triggers keep `number_search` up to date.
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

-- How many numbers each currency has. Every page shows the total, and SQLite counts rows by reading them all.
CREATE TABLE number_count (
    currency TEXT PRIMARY KEY,
    count INTEGER NOT NULL CONSTRAINT number_count_not_negative CHECK (count >= 0)
) STRICT, WITHOUT ROWID;

-- These triggers keep `number_count` up to date.
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
