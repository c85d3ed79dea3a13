package dev.quittance.contracts;

import java.util.Optional;

/// The canonical payment events' names on the wire.
public enum PaymentEventType {
  PENDING(PaymentEvent.Pending.class),
  SUCCEEDED(PaymentEvent.Succeeded.class),
  ATTEMPT_FAILED(PaymentEvent.AttemptFailed.class),
  FAILED(PaymentEvent.Failed.class),
  CANCELED(PaymentEvent.Canceled.class),
  REVERSED(PaymentEvent.Reversed.class),
  ITEMS_KNOWN(PaymentEvent.ItemsKnown.class),
  REFUND_UPDATED(PaymentEvent.RefundUpdated.class),
  REFUND_TOTAL_UPDATED(PaymentEvent.RefundTotalUpdated.class),
  DISPUTE_UPDATED(PaymentEvent.DisputeUpdated.class);

  /// What the types of all payment events start with, also of those that only a newer version
  /// knows.
  private static final String PREFIX = "dev.quittance.payment.";

  private final TypeName name;
  private final Class<? extends PaymentEvent> shape;

  PaymentEventType(Class<? extends PaymentEvent> shape) {
    this.name = TypeName.of("payment", name());
    this.shape = shape;
  }

  /// The type of an event.
  public static PaymentEventType of(PaymentEvent event) {
    return switch (event) {
      case PaymentEvent.Pending _ -> PENDING;
      case PaymentEvent.Succeeded _ -> SUCCEEDED;
      case PaymentEvent.AttemptFailed _ -> ATTEMPT_FAILED;
      case PaymentEvent.Failed _ -> FAILED;
      case PaymentEvent.Canceled _ -> CANCELED;
      case PaymentEvent.Reversed _ -> REVERSED;
      case PaymentEvent.ItemsKnown _ -> ITEMS_KNOWN;
      case PaymentEvent.RefundUpdated _ -> REFUND_UPDATED;
      case PaymentEvent.RefundTotalUpdated _ -> REFUND_TOTAL_UPDATED;
      case PaymentEvent.DisputeUpdated _ -> DISPUTE_UPDATED;
    };
  }

  /// The type with a name, if it is one of ours.
  public static Optional<PaymentEventType> named(String typeName) {
    return TypeName.find(values(), PaymentEventType::typeName, typeName);
  }

  /// Whether a type is a payment event's that this version doesn't know: a newer one does.
  public static boolean isNewer(String typeName) {
    return typeName.startsWith(PREFIX)
        && !typeName.equals(PaymentWithdrawn.TYPE)
        && named(typeName).isEmpty();
  }

  /// For example `dev.quittance.payment.succeeded.v1`.
  public String typeName() {
    return name.value();
  }

  /// The record that holds such events.
  public Class<? extends PaymentEvent> shape() {
    return shape;
  }
}
