-- How was paid, to filter by.
ALTER TABLE orders ADD COLUMN payment_method text;
UPDATE orders
   SET payment_method = left(convert_from(view, 'UTF8')::json #>> '{method,type}', 255)
 WHERE view IS NOT NULL;

-- Any combination of filters, newest first, and the sums over them, are answered from this index alone.
CREATE INDEX orders_filtered ON orders (placed_at DESC, id DESC)
  INCLUDE (payment_status, fulfillment_status, provider, account, payment_method, currency, amount_minor, received_minor, refunded_minor, livemode)
  WHERE view IS NOT NULL;
DROP INDEX orders_newest_first; -- the one above begins with the same columns

-- What changed of late, for pages that show it at once.
CREATE INDEX orders_by_change ON orders (updated_at);
