-- +goose Up

-- Every table of a workspace's data leads its primary key with workspace_id, so that the base can be sharded by
-- workspace. Times are microseconds since 1970, UTC. Text is '' where there is nothing, so that equality needs
-- no second case. There are no foreign keys on the tables that imports fill: the writer keeps them together and
-- "cadastro verify" counts.

CREATE TABLE workspace (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  settings TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL
);

-- The next free number of each kind of id in a workspace.
CREATE TABLE sequence (
  workspace_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE member (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'pt-BR',
  created_at BIGINT NOT NULL,
  removed_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE contact (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  name_key TEXT NOT NULL DEFAULT '',
  first_name TEXT NOT NULL DEFAULT '',
  last_name TEXT NOT NULL DEFAULT '',
  company TEXT NOT NULL DEFAULT '',
  job_title TEXT NOT NULL DEFAULT '',
  tax_id TEXT NOT NULL DEFAULT '',
  birth_date TEXT NOT NULL DEFAULT '',
  external_id TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL DEFAULT '',
  gender TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  website TEXT NOT NULL DEFAULT '',
  priority TEXT NOT NULL DEFAULT '',
  notes TEXT NOT NULL DEFAULT '',
  photo TEXT NOT NULL DEFAULT '',
  street TEXT NOT NULL DEFAULT '',
  street_number TEXT NOT NULL DEFAULT '',
  complement TEXT NOT NULL DEFAULT '',
  district TEXT NOT NULL DEFAULT '',
  city TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT '',
  postal_code TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '',
  custom TEXT NOT NULL DEFAULT '',      -- JSON object: custom field id -> value in normal form
  tags TEXT NOT NULL DEFAULT '',        -- tag ids in ascending order, e.g. '3,17'
  groups TEXT NOT NULL DEFAULT '',      -- contact group ids in ascending order
  typed TEXT NOT NULL DEFAULT '',       -- keys of the fields that a person typed last
  do_not_contact BOOLEAN NOT NULL DEFAULT FALSE,
  source TEXT NOT NULL DEFAULT '',      -- import, manual, api, inbound
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL,           -- change set
  changed_by BIGINT NOT NULL,           -- change set
  deleted_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);

-- One address of a contact. value is the normal form, raw what was typed where it differs.
CREATE TABLE channel (
  workspace_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  kind TEXT NOT NULL,                   -- phone, email, whatsapp, bsuid, telegram
  position BIGINT NOT NULL,             -- 0 is the primary one of its kind
  value TEXT NOT NULL,
  raw TEXT NOT NULL DEFAULT '',
  label TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL DEFAULT '',       -- legal basis of LGPD art. 7
  basis_source TEXT NOT NULL DEFAULT '',
  basis_at BIGINT,
  opted_out_at BIGINT,
  PRIMARY KEY (workspace_id, contact_id, kind, position)
) /*sqlite: WITHOUT ROWID */;

-- By what a contact is recognised: the identity keys of its channels, tax id and external id.
CREATE TABLE contact_key (
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,                   -- phone, email, whatsapp, bsuid, telegram, tax_id, external_id
  key TEXT NOT NULL,
  contact_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, key, kind, contact_id)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE tag (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  color TEXT NOT NULL DEFAULT '',
  of_import BOOLEAN NOT NULL DEFAULT FALSE, -- made to mark one import
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_key)
);

-- The contacts of a tag; contact.tags holds the tags of a contact. The same pair is always in both.
CREATE TABLE tag_contact (
  workspace_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, tag_id, contact_id)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE contact_group (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  restricted BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_key)
);

CREATE TABLE group_contact (
  workspace_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, group_id, contact_id)
) /*sqlite: WITHOUT ROWID */;

-- Custom fields: the definition; values are in contact.custom.
CREATE TABLE custom_field (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  label TEXT NOT NULL,
  label_key TEXT NOT NULL,
  type TEXT NOT NULL,                   -- text, number, date, boolean, choice, url
  choices TEXT NOT NULL DEFAULT '[]',
  headers TEXT NOT NULL DEFAULT '[]',   -- header words that it is recognised by
  created_at BIGINT NOT NULL,
  retired_at BIGINT,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, label_key)
);

-- Addresses that must not be contacted, and (as a keyed hash alone) those of erased people.
CREATE TABLE do_not_contact (
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  added_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, kind, key)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE erased_key (
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  hash TEXT NOT NULL,
  erased_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, kind, hash)
) /*sqlite: WITHOUT ROWID */;

-- A change set is everything that one act changed; its journal entries say what was and what is.
CREATE TABLE change_set (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,                   -- import, undo, edit, delete, restore, merge, api
  actor TEXT NOT NULL DEFAULT '',
  import_id BIGINT,
  undoes BIGINT,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE journal (
  workspace_id BIGINT NOT NULL,
  change_set_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  changes TEXT NOT NULL,                -- JSON array of [field, old, new]
  PRIMARY KEY (workspace_id, change_set_id, contact_id)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX journal_contact ON journal (workspace_id, contact_id, change_set_id);

CREATE TABLE import (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  state TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_size BIGINT NOT NULL,
  file_hash TEXT NOT NULL DEFAULT '',
  file_key TEXT NOT NULL,               -- blob of the original
  plan_key TEXT NOT NULL DEFAULT '',    -- blob of the reviewed plan
  result_key TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL DEFAULT '{}',
  summary TEXT NOT NULL DEFAULT '{}',   -- what the review counted
  actor TEXT NOT NULL DEFAULT '',
  row_count BIGINT NOT NULL DEFAULT 0,
  chunk_count BIGINT NOT NULL DEFAULT 0,
  next_chunk BIGINT NOT NULL DEFAULT 0, -- cursor: the first chunk that is not applied
  imported BIGINT NOT NULL DEFAULT 0,
  updated BIGINT NOT NULL DEFAULT 0,
  skipped BIGINT NOT NULL DEFAULT 0,
  errors BIGINT NOT NULL DEFAULT 0,
  drifted BIGINT NOT NULL DEFAULT 0,    -- rows whose outcome differs from the review's
  id_base BIGINT NOT NULL DEFAULT 0,    -- a contact added by row n has the id id_base + n
  change_set_id BIGINT NOT NULL DEFAULT 0,
  seen_change BIGINT NOT NULL DEFAULT 0,-- the newest change set that the review saw
  undo_set_id BIGINT NOT NULL DEFAULT 0,
  undo_chunk BIGINT NOT NULL DEFAULT 0,
  undo_report TEXT NOT NULL DEFAULT '',
  cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
  error TEXT NOT NULL DEFAULT '',       -- JSON of code and args, for a failed import
  created_at BIGINT NOT NULL,
  reviewed_at BIGINT,
  started_at BIGINT,
  finished_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX import_state ON import (workspace_id, state, id);

-- The outcomes of one applied chunk of rows, compressed; written in the transaction that applied it.
CREATE TABLE import_chunk (
  workspace_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  chunk BIGINT NOT NULL,
  outcomes /*sqlite: BLOB */ /*postgres: BYTEA */ NOT NULL,
  PRIMARY KEY (workspace_id, import_id, chunk)
);

CREATE TABLE mapping (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  settings TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX mapping_fingerprint ON mapping (workspace_id, fingerprint, used_at);
