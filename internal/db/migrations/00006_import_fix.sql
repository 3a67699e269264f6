-- +goose Up

-- Corrections that were made at review, by row and column of the file. The file stays as it is; was is what it has in the
-- cell, so that a correction counts only where it meets the same text again.
CREATE TABLE import_fix (
  workspace_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  row_number BIGINT NOT NULL,
  col BIGINT NOT NULL,                   -- -1: the row as a whole
  was TEXT NOT NULL,                     -- of a whole row: a digest of its cells
  value TEXT NOT NULL,
  act TEXT NOT NULL,                     -- set, drop; of a whole row: leave_out, new, contact
  origin TEXT NOT NULL,                  -- key of the cure, '' for by hand
  member_id BIGINT NOT NULL,             -- who, 0 for the command line
  made_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, import_id, row_number, col)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX import_fix_origin ON import_fix (workspace_id, import_id, origin);

-- What the corrections change in the plan of the review, packed; it goes with one plan. version goes up with each change.
CREATE TABLE import_overlay (
  workspace_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  plan_key TEXT NOT NULL,
  version BIGINT NOT NULL,
  data /*sqlite: BLOB */ /*postgres: BYTEA */ NOT NULL,
  PRIMARY KEY (workspace_id, import_id)
);
