-- +goose Up

-- What one request leaves for the next: a file that comes in parts, and the answer to a request that may come twice.

-- An upload under way. Its parts are blobs.
CREATE TABLE upload (
  workspace_id BIGINT NOT NULL,
  id TEXT NOT NULL,                      -- random: it stands in a URL
  owner TEXT NOT NULL,                   -- the actor whose it is
  name TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '',     -- as the client sent it (Upload-Metadata)
  size BIGINT NOT NULL,
  received BIGINT NOT NULL DEFAULT 0,
  import_id BIGINT NOT NULL DEFAULT 0,   -- what became of it, once it was whole
  held_until BIGINT NOT NULL DEFAULT 0,  -- somebody opens the import; past it, they are gone
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX upload_expires ON upload (expires_at);

CREATE TABLE upload_part (
  workspace_id BIGINT NOT NULL,
  upload_id TEXT NOT NULL,
  start BIGINT NOT NULL,                 -- of its first byte in the file
  length BIGINT NOT NULL,
  blob_key TEXT NOT NULL,
  PRIMARY KEY (workspace_id, upload_id, start)
);

-- The answers to requests that carried an Idempotency-Key.
CREATE TABLE idempotency (
  workspace_id BIGINT NOT NULL,
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL DEFAULT '', -- SHA-256 over method, path and body
  status BIGINT NOT NULL DEFAULT 0,      -- 0: still at work
  headers TEXT NOT NULL DEFAULT '{}',    -- JSON object
  body TEXT NOT NULL DEFAULT '',
  held_until BIGINT NOT NULL,            -- whoever is at work pushes it on; past it, the work was cut
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, actor, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);
