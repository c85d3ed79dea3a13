package dev.quittance.contracts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What shippers and people ask of an order, on [Topic#FULFILLMENT_COMMANDS] or by REST. The order
/// is the event's subject; the event's id makes it happen once.
public sealed interface FulfillmentCommand {

  /// The command's whole type name, as it stands in `ce_type`.
  default String type() {
    return FulfillmentCommandType.of(this).typeName();
  }

  /// It was shipped or delivered.
  ///
  /// @param items what; empty means all that remains, also when the lines are unknown
  /// @param deliveredCode a key that was handed out instead of a parcel; as secret as a password
  record Complete(
      List<FulfilledItem> items, @Nullable Tracking tracking, @Nullable String deliveredCode)
      implements FulfillmentCommand {
    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public Complete {
      items = items == null ? List.of() : List.copyOf(items);
    }

    @Override
    public String toString() {
      return "Complete" + items;
    }
  }

  /// Don't ship until released.
  record Hold(@Nullable String reason) implements FulfillmentCommand {
    @Override
    public String toString() {
      return "Hold[…]";
    }
  }

  /// End a hold.
  record Release(@Nullable String reason) implements FulfillmentCommand {
    @Override
    public String toString() {
      return "Release[…]";
    }
  }

  /// What had left is back, or written off.
  record Reverse(@Nullable String reason) implements FulfillmentCommand {
    @Override
    public String toString() {
      return "Reverse[…]";
    }
  }
}
