-- Requests with an `Idempotency-Key` by a user or a command, and their responses. Times are in milliseconds since 1970.
CREATE TABLE idempotency_key (
    username TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    status BIGINT NOT NULL,
    location TEXT,
    etag TEXT,
    change BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (username, key)
);
CREATE INDEX idempotency_key_by_user ON idempotency_key (username, at);
CREATE INDEX idempotency_key_by_time ON idempotency_key (at);
