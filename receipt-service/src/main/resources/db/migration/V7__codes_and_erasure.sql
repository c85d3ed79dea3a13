-- When the customer was erased: nothing personal is kept of this order any more, nor written again.
ALTER TABLE orders ADD COLUMN erased_at timestamptz;

ALTER TABLE receipts DROP CONSTRAINT complete_before_sending;
ALTER TABLE receipts ADD CONSTRAINT complete_before_sending
  CHECK (status IN ('waiting', 'skipped')
         OR (content IS NOT NULL AND series IS NOT NULL
             AND (recipient IS NOT NULL OR status IN ('sent', 'undeliverable')))); -- forgotten when erased

-- Letters with codes that were handed out: one per delivery, and no receipts, so without numbers.
CREATE TABLE code_letters (
  id              text        PRIMARY KEY, -- follows from the delivery
  order_id        text        NOT NULL REFERENCES orders,
  delivery        text        NOT NULL,
  status          text        NOT NULL
    CHECK (status IN ('waiting', 'due', 'sending', 'sent', 'retrying', 'undeliverable', 'skipped')),
  items           json        NOT NULL,
  code            text,                 -- kept until the letter is sent, or an operator discards it
  recipient       text,
  content         json,
  edition         integer     NOT NULL DEFAULT 1, -- one more for each resending by hand
  attempts        integer     NOT NULL DEFAULT 0, -- of this edition
  since           timestamptz NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  lease_owner     text,
  reason_code     text,
  message_id      text,
  sent_at         timestamptz,
  undeliverable_at timestamptz,         -- when it was given up, until somebody has it sent again
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT one_letter_per_delivery UNIQUE (order_id, delivery),
  CONSTRAINT complete_code_letter
    CHECK (status NOT IN ('due', 'sending', 'retrying')
           OR (content IS NOT NULL AND recipient IS NOT NULL AND code IS NOT NULL)),
  CONSTRAINT code_goes_with_its_letter CHECK (code IS NULL OR status <> 'sent'),
  CONSTRAINT code_letter_is_leased CHECK ((status = 'sending') = (lease_owner IS NOT NULL))
);

CREATE INDEX code_letters_claimable ON code_letters (next_attempt_at, id)
  WHERE status IN ('due', 'retrying', 'sending');
CREATE INDEX code_letters_undeliverable ON code_letters (undeliverable_at, id) WHERE status = 'undeliverable';

-- Who had a letter with a code sent again or its code discarded, when, and how it stood before. Addresses are masked.
CREATE TABLE code_letter_actions (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  letter_id       text        NOT NULL REFERENCES code_letters,
  action          text        NOT NULL CHECK (action IN ('resend', 'discard')),
  edition         integer     NOT NULL, -- of the letter that this asked for, or discarded
  at              timestamptz NOT NULL,
  by              text        NOT NULL,
  recipient       text,                 -- masked
  idempotency_key text,
  request         text,                 -- a digest of what was asked for under that key
  was             text        NOT NULL, -- the status before
  was_reason_code text,
  UNIQUE (letter_id, idempotency_key)
);
