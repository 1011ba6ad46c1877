-- The users. `passwordHash` has the scrypt parameters, the salt and the hash.
CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL
        CONSTRAINT user_username_unique UNIQUE
        CONSTRAINT user_username_length CHECK (length(username) BETWEEN 1 AND 64),
    role TEXT NOT NULL
        CONSTRAINT user_role_known CHECK (role IN ('supervisor', 'salesperson')),
    passwordHash TEXT NOT NULL
) STRICT;

-- The sessions, which end with their user. `digest` is the SHA-256 of the token; times are in seconds since 1970.
CREATE TABLE session (
    digest BLOB PRIMARY KEY NOT NULL
        CONSTRAINT session_digest_sha256 CHECK (length(digest) = 32),
    userID INTEGER NOT NULL
        CONSTRAINT session_user_exists REFERENCES user (id) ON DELETE CASCADE,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Finds a user's sessions, and expired sessions.
CREATE INDEX session_by_user ON session (userID);
CREATE INDEX session_by_expiry ON session (expiresAt);
