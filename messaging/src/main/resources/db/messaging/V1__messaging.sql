-- What was taken in, per partition: the sum of the outcomes equals the offsets that were passed.
CREATE TABLE intake_ledger (
  topic        text    NOT NULL,
  partition    integer NOT NULL,
  first_offset bigint  NOT NULL, -- where counting began
  next_offset  bigint  NOT NULL, -- one past the last record that was counted
  applied      bigint  NOT NULL DEFAULT 0,
  ignored      bigint  NOT NULL DEFAULT 0,
  duplicate    bigint  NOT NULL DEFAULT 0,
  dead         bigint  NOT NULL DEFAULT 0,
  gaps         bigint  NOT NULL DEFAULT 0, -- offsets that no record had: transaction markers, or retention overtook us
  PRIMARY KEY (topic, partition),
  CONSTRAINT conserved CHECK (next_offset - first_offset = applied + ignored + duplicate + dead + gaps)
);

-- What was said of every provider event: the highest revision of each kind, 0 where there is none. It decides which of the facts
-- count that translations made of it, also when what takes a fact back comes before the fact. Whoever changes facts locks the row
-- first, so that two translations of one event never miss each other.
CREATE TABLE source_events (
  source_event text    PRIMARY KEY,
  told         integer NOT NULL, -- a translation
  closed       integer NOT NULL, -- a translation that had nothing to ask
  known        integer NOT NULL, -- a translation that the provider answered
  unknown      integer NOT NULL, -- a translation that the provider didn't answer
  cleared      integer NOT NULL  -- a translation whose answer took back what it had said before it asked
);

-- What is to be published. A row lives from the commit of its cause to the brokers' acknowledgement.
CREATE TABLE outbox (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard      smallint    NOT NULL, -- of the order: relays share them
  order_id   text        NOT NULL,
  sequence   bigint      NOT NULL,
  topic      text        NOT NULL,
  headers    text        NOT NULL, -- a JSON object of strings
  value      bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX outbox_in_order ON outbox (order_id, sequence, id);

-- The table is filled and emptied all day: dead rows must not pile up in front of the relay's index scan.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
