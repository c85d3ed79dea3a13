package dev.quittance.receipts.store;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ReceiptEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.OutboxRow;
import dev.quittance.receipts.receipt.Receipt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the world is told about a receipt.
record Announcement(ReceiptEvent event, EventId id, Instant at, @Nullable String traceparent) {

  private static final String SOURCE = "/quittance/receipts";

  static Announcement of(Receipt.Sent sent) {
    Receipt.Sending sending = sent.sending();
    var event =
        new ReceiptEvent.Sent(
            sending.key().order(),
            sending.key().id().value(),
            sending.key().kind(),
            sending.number(),
            sending.draft().content().amount(),
            sent.messageId(),
            sent.at());
    return new Announcement(event, id(sending, "sent"), sent.at(), sending.origin().traceparent());
  }

  static Announcement of(Receipt.Undeliverable undeliverable, Instant at) {
    Receipt.Sending sending = undeliverable.sending();
    var event =
        new ReceiptEvent.Undeliverable(
            sending.key().order(),
            sending.key().id().value(),
            sending.key().kind(),
            sending.number(),
            sending.draft().content().amount(),
            undeliverable.reason());
    return new Announcement(
        event, id(sending, "undeliverable"), at, sending.origin().traceparent());
  }

  OutboxRow row(long sequence) {
    var cloudEvent =
        new CloudEvent(
            id,
            SOURCE,
            event.type(),
            event.order(),
            at,
            CloudEvent.Origin.WEBHOOK,
            0,
            null,
            traceparent,
            WireFormat.write(event));
    return new OutboxRow(
        event.order(),
        sequence,
        Topic.RECEIPT_EVENTS.topicName(),
        cloudEvent.headers(),
        cloudEvent.data());
  }

  private static EventId id(Receipt.Sending sending, String what) {
    return new EventId(sending.key().id() + ":" + sending.edition() + ":" + what);
  }
}
