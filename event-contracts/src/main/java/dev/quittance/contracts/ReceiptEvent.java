package dev.quittance.contracts;

import java.time.Instant;

/// What became of a receipt. Published on [Topic#RECEIPT_EVENTS], keyed by order.
public sealed interface ReceiptEvent {

  /// The order that the receipt is for.
  OrderId order();

  /// The event's whole type name, as it stands in `ce_type`.
  default String type() {
    return ReceiptEventType.of(this).typeName();
  }

  /// What a receipt is about.
  enum Kind {
    PAYMENT,
    REFUND,
    CORRECTION
  }

  /// The customer's mail server took it.
  record Sent(
      OrderId order,
      String receipt,
      Kind kind,
      String number,
      Money amount,
      String messageId,
      Instant sentAt)
      implements ReceiptEvent {}

  /// It will never arrive.
  ///
  /// @param reason the mail server's words, without addresses
  record Undeliverable(
      OrderId order, String receipt, Kind kind, String number, Money amount, Reason reason)
      implements ReceiptEvent {}
}
