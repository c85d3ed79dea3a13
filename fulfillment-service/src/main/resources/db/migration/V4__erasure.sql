-- An erased customer: when and by whom. From then on the order's facts are kept, and folded, without personal data.
ALTER TABLE orders ADD COLUMN erased_at timestamptz;
ALTER TABLE orders ADD COLUMN erased_by text;
ALTER TABLE orders ADD CONSTRAINT erased_by_somebody CHECK ((erased_at IS NULL) = (erased_by IS NULL));

-- A delivered key goes through the outbox and is kept nowhere else.
UPDATE commands
   SET data = convert_to((convert_from(data, 'UTF8')::jsonb - 'deliveredCode')::text, 'UTF8')
 WHERE type = 'dev.quittance.fulfillment.complete.v1';

COMMENT ON COLUMN commands.data IS 'the command''s JSON, without what was delivered';
