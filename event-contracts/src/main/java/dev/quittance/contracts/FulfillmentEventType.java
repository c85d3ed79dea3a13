package dev.quittance.contracts;

import java.util.Optional;

/// The fulfilment and order events' names on the wire.
public enum FulfillmentEventType {
  REQUESTED("fulfillment", "requested", FulfillmentEvent.Requested.class),
  HELD("fulfillment", "held", FulfillmentEvent.Held.class),
  RELEASED("fulfillment", "released", FulfillmentEvent.Released.class),
  CANCELED("fulfillment", "canceled", FulfillmentEvent.Canceled.class),
  COMPLETED("fulfillment", "completed", FulfillmentEvent.Completed.class),
  REVERSAL_REQUESTED("fulfillment", "reversal_requested", FulfillmentEvent.ReversalRequested.class),
  REVERSED("fulfillment", "reversed", FulfillmentEvent.Reversed.class),
  REJECTED("fulfillment", "rejected", FulfillmentEvent.Rejected.class),
  PAYMENT_PENDING("order", "payment_pending", FulfillmentEvent.PaymentPending.class),
  PAID("order", "paid", FulfillmentEvent.Paid.class),
  PAYMENT_FAILED("order", "payment_failed", FulfillmentEvent.PaymentFailed.class),
  PAYMENT_REVERSED("order", "payment_reversed", FulfillmentEvent.PaymentReversed.class),
  REFUNDED("order", "refunded", FulfillmentEvent.Refunded.class),
  DISPUTED("order", "disputed", FulfillmentEvent.Disputed.class),
  CUSTOMER_ERASED("order", "customer_erased", FulfillmentEvent.CustomerErased.class);

  private final TypeName name;
  private final Class<? extends FulfillmentEvent> shape;

  FulfillmentEventType(String subject, String what, Class<? extends FulfillmentEvent> shape) {
    this.name = TypeName.of(subject, what);
    this.shape = shape;
  }

  /// The type of an event.
  public static FulfillmentEventType of(FulfillmentEvent event) {
    return switch (event) {
      case FulfillmentEvent.Requested _ -> REQUESTED;
      case FulfillmentEvent.Held _ -> HELD;
      case FulfillmentEvent.Released _ -> RELEASED;
      case FulfillmentEvent.Canceled _ -> CANCELED;
      case FulfillmentEvent.Completed _ -> COMPLETED;
      case FulfillmentEvent.ReversalRequested _ -> REVERSAL_REQUESTED;
      case FulfillmentEvent.Reversed _ -> REVERSED;
      case FulfillmentEvent.Rejected _ -> REJECTED;
      case FulfillmentEvent.PaymentPending _ -> PAYMENT_PENDING;
      case FulfillmentEvent.Paid _ -> PAID;
      case FulfillmentEvent.PaymentFailed _ -> PAYMENT_FAILED;
      case FulfillmentEvent.PaymentReversed _ -> PAYMENT_REVERSED;
      case FulfillmentEvent.Refunded _ -> REFUNDED;
      case FulfillmentEvent.Disputed _ -> DISPUTED;
      case FulfillmentEvent.CustomerErased _ -> CUSTOMER_ERASED;
    };
  }

  /// The type with a name, if it is one of ours.
  public static Optional<FulfillmentEventType> named(String typeName) {
    return TypeName.find(values(), FulfillmentEventType::typeName, typeName);
  }

  /// For example `dev.quittance.fulfillment.requested.v1`.
  public String typeName() {
    return name.value();
  }

  /// The record that holds such events.
  public Class<? extends FulfillmentEvent> shape() {
    return shape;
  }
}
