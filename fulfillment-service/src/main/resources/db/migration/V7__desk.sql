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

-- When the edge had the provider's webhook in hand: the beginning of an order's latencies. Unknown of older facts.
ALTER TABLE payment_facts ADD COLUMN received_at timestamptz;

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
