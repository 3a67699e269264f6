-- +goose Up

-- Accounts and access. The tables of the directory come first: they hold what is one of a kind over all workspaces
-- (a login's e-mail, the hash of a token) and lead to a workspace; they are small and stay in one place when the
-- workspaces are spread over several bases. Of every secret only a hash is here (SHA-256 of 256 random bits, argon2id
-- of a password), or the value sealed by a key that is not in the base.

-- A person who signs in, in as many workspaces as invite them.
CREATE TABLE login (
  id BIGINT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL DEFAULT '',    -- PHC string, '' where there is none
  totp /*sqlite: BLOB */ /*postgres: BYTEA */,  -- sealed secret of the second factor
  totp_on_at BIGINT,                    -- NULL: not confirmed
  totp_step BIGINT NOT NULL DEFAULT 0,  -- the newest time step that was used
  created_at BIGINT NOT NULL
);

CREATE TABLE login_member (
  login_id BIGINT NOT NULL,
  workspace_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  joined_at BIGINT,                     -- NULL: invited
  PRIMARY KEY (login_id, workspace_id)
) /*sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX login_member_member ON login_member (workspace_id, member_id);

-- An account at an OpenID Connect provider that signs a login in.
CREATE TABLE login_identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  login_id BIGINT NOT NULL,
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX login_identity_login ON login_identity (login_id, issuer);

CREATE TABLE recovery_code (
  login_id BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (login_id, hash)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE session (
  hash TEXT NOT NULL PRIMARY KEY,
  login_id BIGINT NOT NULL,
  workspace_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ip TEXT NOT NULL DEFAULT '',
  user_agent TEXT NOT NULL DEFAULT ''
);
CREATE INDEX session_login ON session (login_id);
CREATE INDEX session_member ON session (workspace_id, member_id);

-- A secret that works once: first administrator, invitation, password reset, second step of a sign-in.
CREATE TABLE one_time (
  hash TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  workspace_id BIGINT NOT NULL DEFAULT 0,
  login_id BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_login ON one_time (login_id);

-- A sign-in that is away at an OpenID Connect provider.
CREATE TABLE oidc_flow (
  hash TEXT NOT NULL PRIMARY KEY,       -- of the secret in the browser's cookie
  provider TEXT NOT NULL,
  state TEXT NOT NULL,                  -- hash
  nonce TEXT NOT NULL,
  verifier TEXT NOT NULL,               -- of PKCE, worthless without the code that the provider sends
  return_to TEXT NOT NULL DEFAULT '',
  expires_at BIGINT NOT NULL
);

-- Failed sign-ins. subject is a hash, so that addresses that were tried are not on record.
CREATE TABLE sign_in_try (
  kind TEXT NOT NULL,                   -- account, ip, pair
  subject TEXT NOT NULL,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX sign_in_try_last ON sign_in_try (last_at);

CREATE TABLE api_token_hash (
  hash TEXT NOT NULL PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  token_id BIGINT NOT NULL
);

-- The tables of the workspaces.

CREATE TABLE api_token (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,                 -- the part that is shown
  hash TEXT NOT NULL,
  role TEXT NOT NULL,
  scopes TEXT NOT NULL,                 -- words with a space between
  group_id BIGINT NOT NULL DEFAULT 0,   -- sees this contact group alone
  made_by BIGINT NOT NULL,              -- member, 0: the command line
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  revoked_at BIGINT,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE team (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name_key)
);

CREATE TABLE team_member (
  workspace_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, team_id, member_id)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX team_member_member ON team_member (workspace_id, member_id);

-- Who sees the contacts of a restricted group: a team or a member, the other is 0.
CREATE TABLE group_access (
  workspace_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, group_id, team_id, member_id)
) /*sqlite: WITHOUT ROWID */;
