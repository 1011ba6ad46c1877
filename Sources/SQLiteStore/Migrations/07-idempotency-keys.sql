-- Requests with an `Idempotency-Key`, and their responses. `username` is a user or a command, `digest` identifies
-- the content of the request, and times are in milliseconds since 1970.
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

-- Counts a user's keys, and finds the keys that have expired.
CREATE INDEX idempotency_key_by_user ON idempotency_key (username, at);
CREATE INDEX idempotency_key_by_time ON idempotency_key (at);
