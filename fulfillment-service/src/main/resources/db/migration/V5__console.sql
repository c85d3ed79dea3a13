-- Who is signed in to the console with a name of the users' file.
CREATE TABLE console_sessions (
  token_hash bytea       PRIMARY KEY, -- SHA-256: reading this table signs nobody in
  user_name  text        NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX console_sessions_over ON console_sessions (expires_at);
