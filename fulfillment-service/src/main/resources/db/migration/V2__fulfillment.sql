-- What providers said, one row per canonical event, for as long as the order lives: there is no inbox that forgets.
CREATE TABLE payment_facts (
  event_id     text        PRIMARY KEY,
  source_event text        NOT NULL, -- what a higher translation replaces as a whole
  order_id     text        NOT NULL,
  translation  integer     NOT NULL,
  lookup       text        NOT NULL, -- how far the provider was asked for it
  type         text        NOT NULL,
  occurred_at  timestamptz NOT NULL, -- by the provider's clock
  recorded_at  timestamptz NOT NULL, -- by ours
  source       text        NOT NULL,
  origin       text        NOT NULL,
  body_format  text,                 -- only of what the webhook's body alone says, as it said it: then repetitions are compared with it
  data         bytea       NOT NULL, -- the event's JSON
  received_at  timestamptz           -- when the edge had the provider's webhook in hand: the beginning of an order's latencies
);

CREATE INDEX payment_facts_of_order ON payment_facts (order_id);
CREATE INDEX payment_facts_of_source ON payment_facts (source_event);

-- What people and shippers asked for. Refused ones stay too, without a number, so that a repetition is known as one.
CREATE TABLE commands (
  order_id    text        NOT NULL,
  command_id  text        NOT NULL,
  number      bigint,
  source      text        NOT NULL,
  type        text        NOT NULL,
  recorded_at timestamptz NOT NULL,
  refusal     text,
  data        bytea       NOT NULL,
  duplicate_of text,                -- of a hold that the system set, or ended: the order that was paid before
  PRIMARY KEY (order_id, command_id),
  CONSTRAINT one_number_once UNIQUE (order_id, number),
  CONSTRAINT numbered_or_refused CHECK ((number IS NULL) <> (refusal IS NULL))
);

-- A delivered key goes through the outbox and is kept nowhere else.
COMMENT ON COLUMN commands.data IS 'the command''s JSON, without what was delivered';

-- The state folded from the two tables above, and what others know about it.
CREATE TABLE orders (
  id                  text        PRIMARY KEY,
  version             bigint      NOT NULL DEFAULT 0, -- 0: nothing folded yet
  sequence            bigint      NOT NULL DEFAULT 0, -- of the last event
  told                bytea,                          -- JSON: what the next difference is taken from
  view                bytea,                          -- JSON: the order as others see it
  provider            text,
  account             text,
  connected_account   text,                           -- the account connected to ours that was paid
  checkout_session    text,
  payment_status      text,
  fulfillment_status  text,
  currency            text,
  amount_minor        bigint,                         -- what was agreed
  received_minor      bigint,                         -- what was received of it, or beyond it
  refunded_minor      bigint,
  reference           text,
  livemode            boolean,
  placed_at           timestamptz,
  updated_at          timestamptz,
  search              tsvector,
  erased_at           timestamptz,                    -- from then on its facts are kept, and folded, without personal data
  erased_by           text,
  erasure_repeated_at timestamptz,                    -- when the state without the customer was published once more, so that the segment with the older ones ends and is compacted
  payment_method      text,
  duplicate_of        text,                           -- the order that was found to be paid before under the same reference
  CONSTRAINT erased_by_somebody CHECK ((erased_at IS NULL) = (erased_by IS NULL))
);

-- Any combination of filters, newest first, and the sums over them, are answered from this index alone.
CREATE INDEX orders_filtered ON orders (placed_at DESC, id DESC)
  INCLUDE (payment_status, fulfillment_status, provider, account, connected_account, payment_method, currency, amount_minor, received_minor, refunded_minor, livemode)
  WHERE view IS NOT NULL;

CREATE INDEX orders_by_session ON orders (checkout_session) WHERE checkout_session IS NOT NULL;
CREATE INDEX orders_by_reference ON orders (account, reference, placed_at, id) WHERE reference IS NOT NULL; -- who went out before an endpoint said that references name orders
CREATE INDEX orders_by_first ON orders (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX orders_held_as_duplicates ON orders (id) WHERE duplicate_of IS NOT NULL AND fulfillment_status = 'on_hold'; -- the few that wait for the first to be canceled
CREATE INDEX orders_by_words ON orders USING gin (search);
CREATE INDEX orders_by_change ON orders (updated_at); -- what changed of late, for pages that show it at once
CREATE INDEX orders_erasures_to_repeat ON orders (erased_at) WHERE erased_at IS NOT NULL AND erasure_repeated_at IS NULL;

-- A mark for each change of an order's state. Whoever publishes takes the state as it stands then, and deletes the marks that were
-- read with it; a mark that was set meanwhile stands for a newer state. As the outbox: filled and emptied all day.
CREATE TABLE states_due (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id    text        NOT NULL,
  traceparent text,                -- of what changed it
  created_at  timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

-- Every event that was published, gapless per order.
CREATE TABLE order_events (
  order_id    text        NOT NULL,
  sequence    bigint      NOT NULL,
  event_id    text        NOT NULL,
  type        text        NOT NULL,
  occurred_at timestamptz NOT NULL,
  version     bigint      NOT NULL,
  detail      bytea       NOT NULL, -- the event's JSON without the order
  PRIMARY KEY (order_id, sequence)
);

-- Law: an order is requested at most once, ever.
CREATE UNIQUE INDEX requested_once ON order_events (order_id) WHERE type = 'dev.quittance.fulfillment.requested.v1';

-- Law: of the payments that name one order of the shop's, one goes out. Who has the row may; others are held. Taken over only from an order
-- that was canceled before anything left. Kept for as long as the database.
CREATE TABLE reference_claims (
  key      bytea PRIMARY KEY, -- SHA-256 of account, mode, connected account and reference
  order_id text  NOT NULL
);

-- The first answer to a key, given again to whoever repeats it. Lives as long as its order.
CREATE TABLE idempotency_keys (
  order_id   text        NOT NULL,
  key        text        NOT NULL,
  request    bytea       NOT NULL, -- SHA-256 of what was asked
  status     integer     NOT NULL,
  body       bytea       NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (order_id, key)
);

-- Who is signed in to the console with a name of the users' file.
CREATE TABLE console_sessions (
  token_hash bytea       PRIMARY KEY, -- SHA-256: reading this table signs nobody in
  user_name  text        NOT NULL,
  credential bytea       NOT NULL,    -- SHA-256 of the password's hash: a session is of the password that began it
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX console_sessions_over ON console_sessions (expires_at);

-- Who did or looked at what, by the console and by REST, and when. Kept for as long as the database; holds no personal data.
CREATE TABLE console_audit (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL,
  who     text        NOT NULL,
  role    text        NOT NULL,
  way     text        NOT NULL, -- how we know them: 'token', 'bearer', 'password', 'provider', 'loopback'
  door    text        NOT NULL, -- by what they asked: 'console', 'api'
  action  text        NOT NULL,
  subject text        NOT NULL, -- an order's id, a dead letter's, an endpoint's name
  detail  text        NOT NULL,
  outcome text        NOT NULL  -- 'begun' until it is known: written before anything is done
);

CREATE INDEX console_audit_of_subject ON console_audit (subject, id DESC);

-- The refunds that the console asked providers for, with what was written to them.
CREATE TABLE refund_requests (
  order_id text        NOT NULL,
  key      text        NOT NULL, -- of the confirmation's form: a second click is the same request
  at       timestamptz NOT NULL,
  by_whom  text        NOT NULL,
  amount   text        NOT NULL, -- in words: it may be all that was left
  reason   text        NOT NULL,
  note     text,                 -- goes when the customer is erased
  outcome  text        NOT NULL, -- 'begun' until it is known
  refund   text,                 -- the provider's id of it
  PRIMARY KEY (order_id, key)
);
