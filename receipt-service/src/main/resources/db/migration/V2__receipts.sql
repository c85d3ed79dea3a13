-- One row per order that was heard of. Whoever works on an order locks its row first.
CREATE TABLE orders (
  id        text   PRIMARY KEY,
  events    bigint NOT NULL DEFAULT 0, -- how many of our events about it went to the outbox
  erased_at timestamptz                -- of its customer: nothing personal is kept of the order any more, nor written again
);

-- What was said about payments, one row per source event. Kept as long as the order.
CREATE TABLE payment_facts (
  event_id     text    PRIMARY KEY,
  source_event text    NOT NULL, -- what all facts of one provider event share
  translation  integer NOT NULL, -- a higher one replaces what a lower one made of the same provider event
  lookup       text    NOT NULL, -- how far the provider was asked for it
  order_id     text    NOT NULL REFERENCES orders,
  type         text    NOT NULL,
  data         json    NOT NULL  -- not jsonb: it could not hold the NUL characters that providers let through
);

CREATE INDEX payment_facts_by_order ON payment_facts (order_id);
CREATE INDEX payment_facts_by_source ON payment_facts (source_event);

-- The mails to customers: receipts (of a payment, a refund, or what corrects one), and codes that they bought.
CREATE TABLE mails (
  id               text        PRIMARY KEY, -- follows from order, kind and subject
  order_id         text        NOT NULL REFERENCES orders,
  kind             text        NOT NULL, -- payment, refund, correction or code
  subject          text        NOT NULL, -- of a receipt what it is for, of a code what delivered it
  status           text        NOT NULL, -- waiting, due, sending, sent, retrying, undeliverable or skipped
  recipient        text,
  content          json,                 -- what was paid or bought; frozen at the first attempt
  created_at       timestamptz NOT NULL DEFAULT now(),

  -- sending
  edition          integer     NOT NULL DEFAULT 1, -- one more for each resending by hand
  attempts         integer     NOT NULL DEFAULT 0, -- of this edition
  since            timestamptz NOT NULL, -- due from then on
  next_attempt_at  timestamptz NOT NULL, -- claimable from then on; while it is being sent, the lease's end
  lease_owner      text,
  reason_code      text,
  reason_message   text,
  message_id       text,
  sent_at          timestamptz,          -- of this edition
  first_sent_at    timestamptz,          -- of the first edition that the mail server took; never overwritten
  undeliverable_at timestamptz,          -- when it was given up, until somebody has it sent again
  traceparent         text,              -- what brought it about: its trace goes on,
  webhook_received_at timestamptz,       -- and the way from the webhook to the mail is measured

  -- receipts
  amount_minor       bigint,
  currency           text,
  series             text,               -- what the number starts with
  number             text UNIQUE,        -- given at the first attempt, so that none is lost to a receipt that was never sent
  supported_minor    bigint,             -- what the facts say now of one that was sent or tried, where that is another amount
  supported_currency text,
  asked_by           text,               -- who had it made: corrections of a wrong amount
  token              uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE, -- opens the customer's view

  -- codes
  items            json,                 -- what the code is for
  code             text,                 -- kept until its mail is sent, or somebody discards it

  CONSTRAINT one_per_effect UNIQUE (order_id, kind, subject),
  -- few and short: the server reads each of them anew for every statement that writes here
  CONSTRAINT leased_while_sending CHECK ((status = 'sending') = (lease_owner IS NOT NULL)),
  CONSTRAINT complete_before_sending
    CHECK (status IN ('waiting', 'sent', 'undeliverable', 'skipped')
           OR (status IN ('due', 'sending', 'retrying')
               AND content IS NOT NULL AND recipient IS NOT NULL AND (kind <> 'code' OR code IS NOT NULL))),
  CONSTRAINT each_kind_has_its_own
    CHECK ((kind = 'code' -- has no number, says what it is for, and its code goes with its mail
            AND series IS NULL AND number IS NULL AND items IS NOT NULL AND (code IS NULL OR status <> 'sent'))
           OR (kind IN ('payment', 'refund', 'correction') -- stays in the books, whose recipient may be forgotten, and is numbered before it is sent
               AND code IS NULL AND amount_minor IS NOT NULL AND currency IS NOT NULL
               AND (status IN ('waiting', 'skipped')
                    OR (content IS NOT NULL AND series IS NOT NULL AND (status = 'due' OR number IS NOT NULL)))))
);

-- codes go first: they don't wait behind a backlog of receipts
CREATE INDEX codes_claimable ON mails (next_attempt_at, id)
  WHERE kind = 'code' AND status IN ('due', 'retrying', 'sending');
CREATE INDEX receipts_claimable ON mails (next_attempt_at, id)
  WHERE kind <> 'code' AND status IN ('due', 'retrying', 'sending');
CREATE INDEX mails_undeliverable ON mails (undeliverable_at, id) WHERE status = 'undeliverable';
-- what an operator is shown
CREATE INDEX codes_kept ON mails (created_at, id) WHERE code IS NOT NULL;
CREATE INDEX receipts_wrong ON mails (id) WHERE supported_minor IS NOT NULL AND first_sent_at IS NOT NULL;

-- The last number given, per series and year.
CREATE TABLE receipt_numbers (
  series text    NOT NULL,
  year   integer NOT NULL,
  last   bigint  NOT NULL,
  PRIMARY KEY (series, year)
);

-- When the mail server was away or refused everybody: that time counts for no mail's end. The spans don't overlap.
CREATE TABLE mail_outages (
  began timestamptz PRIMARY KEY,
  ended timestamptz NOT NULL, -- moved on as long as it lasts
  CHECK (ended >= began)
);

-- Who had a mail sent again or its code discarded, when, and how it stood before. Addresses are masked.
CREATE TABLE mail_actions (
  id                 bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mail_id            text        NOT NULL REFERENCES mails,
  action             text        NOT NULL CHECK (action IN ('resend', 'discard')),
  edition            integer     NOT NULL, -- of the mail that this asked for, or discarded
  at                 timestamptz NOT NULL,
  by                 text        NOT NULL,
  recipient          text,                 -- masked
  idempotency_key    text,
  request            text,                 -- a digest of what was asked for under that key
  was                text        NOT NULL, -- the status before
  was_recipient      text,                 -- masked
  was_attempts       integer     NOT NULL,
  was_sent_at        timestamptz,
  was_reason_code    text,
  was_reason_message text,
  message_id         text,                 -- of the edition before
  UNIQUE (mail_id, idempotency_key)
);

CREATE UNIQUE INDEX one_resending_per_edition ON mail_actions (mail_id, edition) WHERE action = 'resend';
