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
  data         bytea       NOT NULL  -- the event's JSON
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
  data        bytea       NOT NULL, -- the command's JSON; may hold a delivered key, so it is never shown
  PRIMARY KEY (order_id, command_id),
  CONSTRAINT one_number_once UNIQUE (order_id, number),
  CONSTRAINT numbered_or_refused CHECK ((number IS NULL) <> (refusal IS NULL))
);

-- The state folded from the two tables above, and what others were told about it.
CREATE TABLE orders (
  id                 text   PRIMARY KEY,
  version            bigint NOT NULL DEFAULT 0, -- 0: nothing folded yet
  sequence           bigint NOT NULL DEFAULT 0, -- of the last event told
  told               bytea,                     -- JSON: what the next difference is taken from
  view               bytea,                     -- JSON: the order as others see it
  provider           text,
  account            text,
  checkout_session   text,
  payment_status     text,
  fulfillment_status text,
  currency           text,
  amount_minor       bigint,                    -- what was agreed
  received_minor     bigint,                    -- what was received of it, or beyond it
  refunded_minor     bigint,
  reference          text,
  livemode           boolean,
  placed_at          timestamptz,
  updated_at         timestamptz,
  search             tsvector
);

CREATE INDEX orders_newest_first ON orders (placed_at DESC, id DESC);
CREATE INDEX orders_by_session ON orders (checkout_session) WHERE checkout_session IS NOT NULL;
CREATE INDEX orders_by_words ON orders USING gin (search);

-- A mark for each change of an order's state. Whoever publishes takes the state as it stands then, and deletes the marks that were
-- read with it; a mark that was set meanwhile stands for a newer state.
CREATE TABLE states_due (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id    text        NOT NULL,
  traceparent text,                -- of what changed it
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- As the outbox: filled and emptied all day.
ALTER TABLE states_due SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

-- Everything that others were told, gapless per order.
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
