-- +goose Up

-- Imports run in the background: who is told at the end, the job that is at work, and how far it is.
ALTER TABLE import ADD COLUMN member_id BIGINT NOT NULL DEFAULT 0;       -- who is told at the end; 0 for nobody
ALTER TABLE import ADD COLUMN from_id BIGINT NOT NULL DEFAULT 0;         -- the import whose settings this one took over
ALTER TABLE import ADD COLUMN job_id BIGINT NOT NULL DEFAULT 0;          -- the job enqueued last
ALTER TABLE import ADD COLUMN round BIGINT NOT NULL DEFAULT 0;           -- goes up with each review: the newest settings win
ALTER TABLE import ADD COLUMN phase TEXT NOT NULL DEFAULT '';            -- what is under way
ALTER TABLE import ADD COLUMN phase_done BIGINT NOT NULL DEFAULT 0;      -- of phase_total, in bytes (review) or rows
ALTER TABLE import ADD COLUMN phase_total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN phase_rows BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN phase_at BIGINT;                           -- when that was written
ALTER TABLE import ADD COLUMN undo_actor TEXT NOT NULL DEFAULT '';
ALTER TABLE import ADD COLUMN undo_member_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN undone_at BIGINT;
CREATE INDEX import_with_errors ON import (workspace_id, id) WHERE errors > 0;

-- Rows of the chunk by outcome, cause and changed field, as JSON, so that a page of rows need not look into every chunk.
ALTER TABLE import_chunk ADD COLUMN counts TEXT NOT NULL DEFAULT '';
