-- +goose Up

-- The settings that a workspace's members agree on are the JSON object in workspace.settings; see package workspace.
-- What follows is each member's own: how times are shown, whether single keys act on pages, and when they were last here.
ALTER TABLE member ADD COLUMN time_zone TEXT NOT NULL DEFAULT ''; -- IANA name, '' for the workspace's
ALTER TABLE member ADD COLUMN keys_off BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE member ADD COLUMN seen_at BIGINT;
