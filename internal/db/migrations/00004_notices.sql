-- +goose Up

-- Mails on their way out, written in the transaction of what they tell of. Bodies are emptied once sent.
CREATE TABLE mail_outbox (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  message_id TEXT NOT NULL,              -- of RFC 5322, without the angle brackets; the same at every attempt
  to_name TEXT NOT NULL DEFAULT '',
  to_email TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  html TEXT NOT NULL DEFAULT '',
  once TEXT NOT NULL,                    -- one mail for this key, however often it is asked for
  state TEXT NOT NULL DEFAULT 'waiting', -- waiting, sent, failed
  attempts BIGINT NOT NULL DEFAULT 0,
  error_code TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, once)
);

-- What a member is told in the app.
CREATE TABLE notice (
  workspace_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,                    -- e.g. import.finished
  subject_id BIGINT NOT NULL DEFAULT 0,  -- e.g. the import
  args TEXT NOT NULL DEFAULT '{}',       -- JSON object: what the sentence wants
  once TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT,
  PRIMARY KEY (workspace_id, member_id, id),
  UNIQUE (workspace_id, member_id, once)
);
CREATE INDEX notice_unread ON notice (workspace_id, member_id) WHERE read_at IS NULL;

CREATE TABLE webhook_endpoint (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL DEFAULT '[]',     -- JSON array of event types; empty for all
  secret TEXT NOT NULL,                  -- sealed
  old_secret TEXT NOT NULL DEFAULT '',   -- sealed; signs too until old_until
  old_until BIGINT NOT NULL DEFAULT 0,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  disabled_why TEXT NOT NULL DEFAULT '', -- person, gone, failing
  failing BIGINT NOT NULL DEFAULT 0,     -- failures in a row
  failing_since BIGINT NOT NULL DEFAULT 0,
  open_until BIGINT NOT NULL DEFAULT 0,  -- the breaker: nothing is sent before
  created_at BIGINT NOT NULL,
  removed_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE webhook_event (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  event_id TEXT NOT NULL,                -- the stable webhook-id
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  once TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, once)
);

-- One event on its way to one endpoint.
CREATE TABLE webhook_delivery (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  endpoint_id BIGINT NOT NULL,
  event_row BIGINT NOT NULL,             -- webhook_event.id
  state TEXT NOT NULL DEFAULT 'waiting', -- waiting, delivered, failed
  attempts BIGINT NOT NULL DEFAULT 0,
  round BIGINT NOT NULL DEFAULT 0,       -- attempts of the present round of retries; a resend begins a new one
  next_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  done_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX webhook_delivery_endpoint ON webhook_delivery (workspace_id, endpoint_id, id);
CREATE INDEX webhook_delivery_event ON webhook_delivery (workspace_id, event_row);

-- The log: one row for each time that a delivery was tried.
CREATE TABLE webhook_attempt (
  workspace_id BIGINT NOT NULL,
  delivery_id BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  at BIGINT NOT NULL,
  took_ms BIGINT NOT NULL,
  status BIGINT NOT NULL DEFAULT 0,      -- HTTP status, 0 where there was no answer
  error_code TEXT NOT NULL DEFAULT '',
  answer TEXT NOT NULL DEFAULT '',       -- the beginning of the answer
  PRIMARY KEY (workspace_id, delivery_id, attempt)
);
