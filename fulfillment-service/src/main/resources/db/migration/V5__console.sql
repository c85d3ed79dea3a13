-- Who is signed in to the console with a name of the users' file.
CREATE TABLE console_sessions (
  token_hash bytea       PRIMARY KEY, -- SHA-256: reading this table signs nobody in
  user_name  text        NOT NULL,
  credential bytea       NOT NULL, -- SHA-256 of the password's hash: a session is of the password that began it
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX console_sessions_over ON console_sessions (expires_at);
