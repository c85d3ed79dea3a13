-- An erased customer: when and by whom. From then on the order's facts are kept, and folded, without personal data.
ALTER TABLE orders ADD COLUMN erased_at timestamptz;
ALTER TABLE orders ADD COLUMN erased_by text;
-- When the state without them was told once more, so that the segment with the older ones ends and is compacted.
ALTER TABLE orders ADD COLUMN erasure_repeated_at timestamptz;
ALTER TABLE orders ADD CONSTRAINT erased_by_somebody CHECK ((erased_at IS NULL) = (erased_by IS NULL));

CREATE INDEX orders_erasures_to_repeat ON orders (erased_at) WHERE erased_at IS NOT NULL AND erasure_repeated_at IS NULL;

-- A delivered key goes through the outbox and is kept nowhere else.
UPDATE commands
   SET data = convert_to((convert_from(data, 'UTF8')::jsonb - 'deliveredCode')::text, 'UTF8')
 WHERE type = 'dev.quittance.fulfillment.complete.v1';

COMMENT ON COLUMN commands.data IS 'the command''s JSON, without what was delivered';
