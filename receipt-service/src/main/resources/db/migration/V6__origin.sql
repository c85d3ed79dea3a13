-- What brought a receipt about: its trace goes on, and the way from the webhook to the mail is measured.
ALTER TABLE receipts ADD COLUMN traceparent text;
ALTER TABLE receipts ADD COLUMN webhook_received_at timestamptz;
