-- +goose Up

-- Duplicates: what the last search found, what people decided, and the merges, which can be taken apart again.

CREATE TABLE duplicate_scan (
  workspace_id BIGINT NOT NULL PRIMARY KEY,
  job_id BIGINT NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,                   -- NULL: under way
  done BIGINT NOT NULL DEFAULT 0,       -- of total: how far it is
  total BIGINT NOT NULL DEFAULT 0,
  people BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE duplicate_pair (
  workspace_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,             -- the smallest contact id of the group
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  score BIGINT NOT NULL,                -- tenths of a bit
  certain BOOLEAN NOT NULL,
  reasons BIGINT NOT NULL,              -- bits, see package dedupe
  PRIMARY KEY (workspace_id, group_id, a, b)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX duplicate_pair_a ON duplicate_pair (workspace_id, a);
CREATE INDEX duplicate_pair_b ON duplicate_pair (workspace_id, b);

-- The groups in the order in which they are shown: the certain ones first, then by score.
CREATE TABLE duplicate_group (
  workspace_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  certain BOOLEAN NOT NULL,
  score BIGINT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, group_id)
);
CREATE INDEX duplicate_group_rank ON duplicate_group (workspace_id, certain, score, group_id);

-- Somebody said that two contacts are two people.
CREATE TABLE duplicate_apart (
  workspace_id BIGINT NOT NULL,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  made_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, a, b)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE contact_merge (
  workspace_id BIGINT NOT NULL,
  set_id BIGINT NOT NULL,               -- the change set of the merge
  merged BIGINT NOT NULL,               -- the contact that went
  survivor BIGINT NOT NULL,             -- the contact that stayed
  batch_id BIGINT NOT NULL DEFAULT 0,   -- merges that were made in one go
  undone_set BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, set_id, merged)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX contact_merge_survivor ON contact_merge (workspace_id, survivor);
CREATE INDEX contact_merge_merged ON contact_merge (workspace_id, merged);
CREATE INDEX contact_merge_batch ON contact_merge (workspace_id, batch_id);

CREATE TABLE merge_batch (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  job_id BIGINT NOT NULL DEFAULT 0,
  actor TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,                  -- running, done, undoing, undone
  groups BIGINT NOT NULL DEFAULT 0,     -- groups merged so far
  merged BIGINT NOT NULL DEFAULT 0,     -- contacts that went
  kept BIGINT NOT NULL DEFAULT 0,       -- fields that an undo left as somebody had edited them since
  after_group BIGINT NOT NULL DEFAULT 0,-- cursor
  made_at BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);
