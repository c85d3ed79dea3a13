package dev.quittance.fulfillment.store;

import dev.quittance.contracts.BodyFormat;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.inboxoutbox.Incoming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What came in on the payments' topic.
public sealed interface IncomingFact {

  /// A fact about an order.
  ///
  /// @param bodyFormat see [BodyFormat]
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Told(
      PaymentFact fact,
      String source,
      CloudEvent.Origin origin,
      @Nullable String traceparent,
      @Nullable Instant receivedAt,
      @Nullable String bodyFormat,
      byte[] data)
      implements IncomingFact {}

  /// What takes facts back, wherever they stand.
  record Withdrawn(PaymentMessage.Withdrawal withdrawal, @Nullable String traceparent)
      implements IncomingFact {}

  /// Something that this version doesn't know and need not.
  record Foreign() implements IncomingFact {}

  /// @throws dev.quittance.contracts.UnreadableEvent when it can't be read
  /// @throws dev.quittance.contracts.NewerEvent when only a newer version knows its type
  static IncomingFact read(Incoming record) {
    CloudEvent event = CloudEvent.read(record.headers()::get, record.value());
    return switch (PaymentMessage.read(event)) {
      case PaymentMessage.Foreign() -> new Foreign();
      case PaymentMessage.Withdrawal withdrawal -> new Withdrawn(withdrawal, event.traceparent());
      case PaymentMessage.Fact(var fact) ->
          new Told(
              fact,
              event.source(),
              event.origin(),
              event.traceparent(),
              ReceivedAt.read(record.headers().get(ReceivedAt.HEADER)),
              BodyFormat.read(record.headers().get(BodyFormat.HEADER)),
              event.data());
    };
  }
}
