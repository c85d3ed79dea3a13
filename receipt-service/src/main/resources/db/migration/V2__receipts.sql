-- One row per order that was heard of. Whoever works on an order locks its row first.
CREATE TABLE orders (
  id     text   PRIMARY KEY,
  events bigint NOT NULL DEFAULT 0 -- how many of our events about it went to the outbox
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

-- The work table of the mail room.
CREATE TABLE receipts (
  id              text        PRIMARY KEY,
  order_id        text        NOT NULL REFERENCES orders,
  kind            text        NOT NULL CHECK (kind IN ('payment', 'refund', 'correction')),
  subject         text        NOT NULL,
  status          text        NOT NULL
    CHECK (status IN ('waiting', 'due', 'sending', 'sent', 'retrying', 'undeliverable', 'skipped')),
  amount_minor    bigint      NOT NULL,
  currency        text        NOT NULL,
  series          text,                 -- what the number starts with
  number          text        UNIQUE,   -- given at the first attempt, so that none is lost to a receipt that was never sent
  recipient       text,
  content         json,                 -- what it says; frozen at the first attempt
  edition         integer     NOT NULL DEFAULT 1, -- one more for each resending by hand
  attempts        integer     NOT NULL DEFAULT 0, -- of this edition
  since           timestamptz NOT NULL, -- due from then on
  next_attempt_at timestamptz NOT NULL, -- claimable from then on; while it is being sent, the lease's end
  lease_owner     text,
  reason_code     text,
  reason_message  text,
  message_id      text,
  sent_at         timestamptz,          -- of this edition
  first_sent_at   timestamptz,          -- of the first edition that the mail server took; never overwritten
  undeliverable_at timestamptz,         -- when it was given up, until somebody has it sent again
  supported_minor bigint,               -- what the facts say now of one that was sent or tried, where that is another amount
  supported_currency text,
  asked_by        text,                 -- who had it made: corrections of a wrong amount
  token           uuid        NOT NULL DEFAULT gen_random_uuid() UNIQUE, -- opens the customer's view
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT one_per_effect UNIQUE (order_id, kind, subject),
  CONSTRAINT complete_before_sending
    CHECK (status IN ('waiting', 'skipped') OR (content IS NOT NULL AND recipient IS NOT NULL AND series IS NOT NULL)),
  -- 'sending' may lack it for a moment: the claim numbers what it took, in the same transaction
  CONSTRAINT numbered_before_sent CHECK (status IN ('waiting', 'due', 'sending', 'skipped') OR number IS NOT NULL),
  CONSTRAINT leased_while_sending CHECK ((status = 'sending') = (lease_owner IS NOT NULL))
);

-- what an operator is shown
CREATE INDEX receipts_wrong ON receipts (id) WHERE supported_minor IS NOT NULL AND first_sent_at IS NOT NULL;

CREATE INDEX receipts_claimable ON receipts (next_attempt_at, id) WHERE status IN ('due', 'retrying', 'sending');
CREATE INDEX receipts_undeliverable ON receipts (undeliverable_at, id) WHERE status = 'undeliverable';

-- When the mail server was away or refused everybody. No letter's patience runs out meanwhile. The spans don't overlap.
CREATE TABLE mail_outages (
  began timestamptz PRIMARY KEY,
  ended timestamptz NOT NULL, -- moved on as long as it lasts
  CHECK (ended >= began)
);

-- The last number given, per series and year.
CREATE TABLE receipt_numbers (
  series text    NOT NULL,
  year   integer NOT NULL,
  last   bigint  NOT NULL,
  PRIMARY KEY (series, year)
);
