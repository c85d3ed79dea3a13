package dev.quittance.contracts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Quittance tells other services about an order. Published on [Topic#FULFILLMENT_EVENTS],
/// keyed by the order's id; `ce_sequence` increases per order without gaps. Each holds the order as
/// it was right after.
public sealed interface FulfillmentEvent {

  /// The order as it was right after.
  OrderView order();

  /// The event's whole type name, as it stands in `ce_type`.
  default String type() {
    return FulfillmentEventType.of(this).typeName();
  }

  /// Ship it. Once per order, ever.
  record Requested(OrderView order) implements FulfillmentEvent {}

  /// Don't ship for now: a dispute was opened, the same was paid before, or somebody said so.
  ///
  /// @param duplicateOf the order that was paid before under the same reference, where that is why
  record Held(OrderView order, Reason reason, @Nullable OrderId duplicateOf)
      implements FulfillmentEvent {

    /// Held for itself.
    public Held(OrderView order, Reason reason) {
      this(order, reason, null);
    }
  }

  /// Ship it after all.
  record Released(OrderView order, Reason reason) implements FulfillmentEvent {}

  /// Don't ship: the money is gone and nothing had left.
  record Canceled(OrderView order, Reason reason) implements FulfillmentEvent {}

  /// Something was shipped or delivered.
  ///
  /// @param items what, or empty when the lines are unknown
  /// @param whole whether nothing remains to be fulfilled
  record Completed(
      OrderView order, List<FulfilledItem> items, @Nullable Tracking tracking, boolean whole)
      implements FulfillmentEvent {
    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public Completed {
      items = items == null ? List.of() : List.copyOf(items);
    }
  }

  /// Get it back: the money is gone after goods had left.
  record ReversalRequested(OrderView order, Reason reason) implements FulfillmentEvent {}

  /// What had left is back, or written off.
  record Reversed(OrderView order, Reason reason) implements FulfillmentEvent {}

  /// A command that the order can't take. Nothing changed.
  ///
  /// @param command the id of the command
  /// @param commandType its whole type name
  record Rejected(OrderView order, EventId command, String commandType, Reason reason)
      implements FulfillmentEvent {}

  /// Money is on its way.
  record PaymentPending(OrderView order) implements FulfillmentEvent {}

  /// The money is there.
  record Paid(OrderView order) implements FulfillmentEvent {}

  /// There will be no money, or an attempt was declined.
  record PaymentFailed(OrderView order, Reason reason) implements FulfillmentEvent {}

  /// The money that was there is gone again, without a refund or a dispute: a debit bounced.
  record PaymentReversed(OrderView order, Reason reason) implements FulfillmentEvent {}

  /// Money went back, or came back from a failed refund.
  ///
  /// @param refunded how much is refunded in all, in the order's currency
  record Refunded(OrderView order, Money refunded, boolean full) implements FulfillmentEvent {}

  /// A dispute was opened, won or lost.
  record Disputed(OrderView order, String dispute, PaymentEvent.DisputeStatus status)
      implements FulfillmentEvent {}

  /// The customer was erased: whoever keeps a copy of their name or address has to forget it as
  /// well. The order is without personal data from here on.
  record CustomerErased(OrderView order) implements FulfillmentEvent {}
}
