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
  code            text,                 -- deleted as soon as the letter is sent, or never will be
  recipient       text,
  content         json,
  attempts        integer     NOT NULL DEFAULT 0,
  since           timestamptz NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  lease_owner     text,
  reason_code     text,
  message_id      text,
  sent_at         timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT one_letter_per_delivery UNIQUE (order_id, delivery),
  CONSTRAINT complete_code_letter
    CHECK (status NOT IN ('due', 'sending', 'retrying')
           OR (content IS NOT NULL AND recipient IS NOT NULL AND code IS NOT NULL)),
  CONSTRAINT code_is_forgotten CHECK (code IS NULL OR status NOT IN ('sent', 'undeliverable')),
  CONSTRAINT code_letter_is_leased CHECK ((status = 'sending') = (lease_owner IS NOT NULL))
);

CREATE INDEX code_letters_claimable ON code_letters (next_attempt_at, id)
  WHERE status IN ('due', 'retrying', 'sending');
