-- NULL for sessions that began before this migration.
ALTER TABLE session ADD COLUMN "createdAt" BIGINT;
