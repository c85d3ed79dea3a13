package dev.quittance.contracts;

import java.time.Instant;
import java.util.List;

/// What fulfilment has to tell the service that writes to customers, and nobody else: published on
/// [Topic#FULFILLMENT_LETTERS], keyed by order. The topic holds codes that are worth money, so only
/// receipt-service may read it.
public sealed interface CustomerNotice {

  /// The order that the letter is about.
  OrderId order();

  /// The event's whole type name, as it stands in `ce_type`.
  default String type() {
    return CustomerNoticeType.of(this).typeName();
  }

  /// A key was handed out instead of a parcel: send it to the customer, in a letter of its own.
  ///
  /// @param delivery the id of the command that delivered it: one letter each
  /// @param items what the code is for, or empty when the lines are unknown
  /// @param code as secret as a password
  record CodeDelivered(
      OrderId order, EventId delivery, List<FulfilledItem> items, String code, Instant deliveredAt)
      implements CustomerNotice {
    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public CodeDelivered {
      items = items == null ? List.of() : List.copyOf(items);
    }

    @Override
    public String toString() {
      return "CodeDelivered[" + order + ", " + delivery + "]";
    }
  }

  /// The customer asked to be forgotten: keep no address and no name, and write no more.
  record CustomerErased(OrderId order, Instant erasedAt) implements CustomerNotice {}
}
