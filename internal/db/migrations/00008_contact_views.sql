-- +goose Up

-- A change of many contacts, done in the background. cursor is the last contact that was looked at, top the newest one at
-- the start; what it changed is in the journal under its change set.
CREATE TABLE bulk (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  action TEXT NOT NULL,                 -- tag, untag, group, ungroup, owner, delete, restore
  selection TEXT NOT NULL,              -- JSON: ids, or search, filter, bin and except
  target BIGINT NOT NULL DEFAULT 0,     -- tag, group or member
  name TEXT NOT NULL DEFAULT '',        -- of the target
  actor TEXT NOT NULL,
  state TEXT NOT NULL,                  -- waiting, running, done, cancelled, failed, undoing, undone
  total BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  changed BIGINT NOT NULL DEFAULT 0,
  kept BIGINT NOT NULL DEFAULT 0,
  cursor BIGINT NOT NULL DEFAULT 0,
  top BIGINT NOT NULL DEFAULT 0,
  change_set_id BIGINT NOT NULL DEFAULT 0,
  undo_set_id BIGINT NOT NULL DEFAULT 0,
  undo_actor TEXT NOT NULL DEFAULT '',
  cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
  error_code TEXT NOT NULL DEFAULT '',
  job_id BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);

-- A file that was asked for. What is left of it after its days is this row.
CREATE TABLE export (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  spec TEXT NOT NULL,                   -- JSON: selection, format, fields
  actor TEXT NOT NULL,
  state TEXT NOT NULL,                  -- waiting, running, done, cancelled, failed, expired
  file_name TEXT NOT NULL,
  file_key TEXT NOT NULL DEFAULT '',    -- blob
  file_size BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  error_code TEXT NOT NULL DEFAULT '',
  job_id BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  expires_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX export_expiry ON export (expires_at) WHERE state = 'done';

-- A list with a name. Filters name tags and the like by their numbers.
CREATE TABLE contact_view (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,            -- who made it, 0: a program or the command line
  shared BOOLEAN NOT NULL DEFAULT FALSE,
  name TEXT NOT NULL,
  filter TEXT NOT NULL DEFAULT '',
  search TEXT NOT NULL DEFAULT '',
  columns TEXT NOT NULL DEFAULT '[]',   -- JSON array of field keys
  sort TEXT NOT NULL DEFAULT '',
  ascending BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
