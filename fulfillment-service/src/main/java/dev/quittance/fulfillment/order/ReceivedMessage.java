package dev.quittance.fulfillment.order;

import dev.quittance.contracts.BodyFormat;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.ReceivedAt;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A message of the payments' topic, with what its record says of the way that it came.
///
/// @param event the record that it was read from
/// @param receivedAt when the edge had the provider's webhook
/// @param bodyFormat see [BodyFormat]
public record ReceivedMessage(
    PaymentMessage message,
    CloudEvent event,
    @Nullable Instant receivedAt,
    @Nullable String bodyFormat) {

  /// @param header the value of a header by its name, or null
  /// @throws dev.quittance.contracts.UnreadableEvent when it can't be read
  /// @throws dev.quittance.contracts.NewerEvent when only a newer version knows its type
  public static ReceivedMessage read(
      Function<String, byte @Nullable []> header, byte @Nullable [] value) {
    CloudEvent event = CloudEvent.read(header, value);
    return new ReceivedMessage(
        PaymentMessage.read(event),
        event,
        ReceivedAt.read(header.apply(ReceivedAt.HEADER)),
        BodyFormat.read(header.apply(BodyFormat.HEADER)));
  }

  /// Whether it says something about a payment.
  public boolean isFact() {
    return message instanceof PaymentMessage.Fact;
  }

  /// What it says about a payment.
  ///
  /// @throws IllegalStateException when it is something else
  public PaymentFact fact() {
    if (message instanceof PaymentMessage.Fact(var fact)) {
      return fact;
    }
    throw new IllegalStateException("no fact");
  }

  /// The order that the fact is about.
  public OrderId order() {
    return fact().event().about().order();
  }
}
