-- A request of a user or of a command, with its response. Times are in milliseconds since 1970.
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
