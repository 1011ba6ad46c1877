-- FTS5 stores each row that is written alone as a small index, and merges these indexes later. By default, it merges
-- four in small steps, but sixteen in one go, which blocks a commit for 200 ms at a million numbers. Merging sixteen
-- in steps takes a third of the time and blocks no commit:
-- https://www.sqlite.org/fts5.html#the_automerge_configuration_option.
INSERT INTO number_search (number_search, rank) VALUES ('automerge', 16);
INSERT INTO number_search (number_search, rank) VALUES ('crisismerge', 64);
