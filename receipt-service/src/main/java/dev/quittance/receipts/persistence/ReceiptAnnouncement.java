package dev.quittance.receipts.persistence;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.ReceiptEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.messaging.outbox.OutboxRow;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.MailOutcome;
import java.time.Instant;

/// What subscribers are notified of about a receipt.
record ReceiptAnnouncement(ReceiptEvent event, ClaimedMail mail, String what, Instant at) {

  private static final String SOURCE = "/quittance/receipts";

  /// @param now when it was given up, if it was
  static ReceiptAnnouncement of(
      MailOutcome outcome, ClaimedMail.Body.Receipt receipt, Instant now) {
    ClaimedMail mail = outcome.mail();
    return switch (outcome) {
      case MailOutcome.Sent(_, var messageId, var at) ->
          new ReceiptAnnouncement(
              new ReceiptEvent.Sent(
                  mail.order(),
                  mail.id(),
                  receipt.key().kind(),
                  receipt.number(),
                  mail.content().amount(),
                  messageId,
                  at),
              mail,
              "sent",
              at);
      case MailOutcome.Undeliverable(_, var reason) ->
          new ReceiptAnnouncement(
              new ReceiptEvent.Undeliverable(
                  mail.order(),
                  mail.id(),
                  receipt.key().kind(),
                  receipt.number(),
                  mail.content().amount(),
                  reason),
              mail,
              "undeliverable",
              now);
      case MailOutcome.Retrying _ ->
          throw new IllegalArgumentException("nothing has come of it yet");
    };
  }

  /// Its sequence is given by the statement that settles the mail.
  OutboxRow row() {
    var cloudEvent =
        new CloudEvent(
            new EventId(mail.id() + ":" + mail.edition() + ":" + what),
            SOURCE,
            event.type(),
            event.order(),
            at,
            CloudEvent.Origin.WEBHOOK,
            0,
            null,
            mail.origin().traceparent(),
            WireFormat.write(event));
    return new OutboxRow(
        event.order(),
        0,
        Topic.RECEIPT_EVENTS.topicName(),
        cloudEvent.headers(),
        cloudEvent.data());
  }
}
