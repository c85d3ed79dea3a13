-- Who had a receipt sent again, when, and what became of the sending before. Addresses are masked.
CREATE TABLE receipt_resends (
  id                 bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  receipt_id         text        NOT NULL REFERENCES receipts,
  edition            integer     NOT NULL, -- of the letter that this asked for
  at                 timestamptz NOT NULL,
  by                 text        NOT NULL,
  recipient          text        NOT NULL, -- masked
  idempotency_key    text,
  request            text,                 -- a digest of what was asked for under that key
  was                text        NOT NULL, -- the status before
  was_recipient      text,                 -- masked
  was_attempts       integer     NOT NULL,
  was_sent_at        timestamptz,
  was_reason_code    text,
  was_reason_message text,
  message_id         text,                 -- of the letter before
  UNIQUE (receipt_id, edition),
  UNIQUE (receipt_id, idempotency_key)
);

-- The claim numbers what it takes before it leases it.
ALTER TABLE receipts DROP CONSTRAINT IF EXISTS numbered_before_sent;
ALTER TABLE receipts DROP CONSTRAINT IF EXISTS numbered_before_sending;
ALTER TABLE receipts ADD CONSTRAINT numbered_before_sending
  CHECK (status IN ('waiting', 'due', 'skipped') OR number IS NOT NULL);
