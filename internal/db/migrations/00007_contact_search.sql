-- +goose Up

-- What lists and searches go by. The order of names and the index of texts cost a bulk import a fifth of its speed and
-- more, so they are filled behind it: search_due says which contacts they may not know yet, and until then a search
-- looks at those contacts one by one (docs/adr/0015-search-behind-the-import.md).

CREATE INDEX contact_updated ON contact (workspace_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_bin ON contact (workspace_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX contact_owner ON contact (workspace_id, owner, id) WHERE owner <> '';

-- The contacts by name, those in the bin too. An entry whose name_key is not the contact's own is stale and counts for
-- nothing.
CREATE TABLE contact_order (
  workspace_id BIGINT NOT NULL,
  name_key TEXT NOT NULL,
  contact_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name_key, contact_id)
) /*sqlite: WITHOUT ROWID */;

-- Runs of contact ids whose names or addresses changed; both ends included.
CREATE TABLE search_due (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  low BIGINT NOT NULL,
  high BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) /*sqlite: WITHOUT ROWID */;

-- The texts that are searched by any part of them: name, addresses, document, code, folded, one a line. On SQLite the
-- rowid is workspace_id * 2^40 + contact id, and only the trigrams are kept, not the text.
/*sqlite: CREATE VIRTUAL TABLE contact_search USING fts5 (text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1') */;
/*postgres:
CREATE TABLE contact_search (
  workspace_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (workspace_id, contact_id)
) */;

-- Trigrams want an extension that ships with the server. Where it may not be made, a search reads the texts one by one.
-- No line of this statement ends in a semicolon, by which the migrator cuts.
/*postgres: DO $$
DECLARE place text
; BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public
  ; EXCEPTION WHEN OTHERS THEN NULL
  ; END
; SELECT n.nspname INTO place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'
; IF place IS NOT NULL THEN
    EXECUTE format('CREATE INDEX contact_search_text ON contact_search USING gin (text %I.gin_trgm_ops)', place)
; END IF
; END
$$ */;

INSERT INTO search_due (workspace_id, id, low, high) SELECT workspace_id, 1, MIN(id), MAX(id) FROM contact GROUP BY workspace_id;
INSERT INTO sequence (workspace_id, name, next) SELECT workspace_id, 'search_due', 2 FROM search_due;
