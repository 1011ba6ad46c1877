-- When a session began, in seconds since 1970; NULL for sessions from before this migration.
ALTER TABLE session ADD COLUMN createdAt INTEGER
