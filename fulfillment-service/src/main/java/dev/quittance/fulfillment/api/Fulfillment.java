package dev.quittance.fulfillment.api;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.Tracking;
import dev.quittance.fulfillment.order.AcceptedCommand;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fulfillment that was recorded, and the order with it.
///
/// @param number its place among the commands of the order
/// @param items what was fulfilled; empty stands for all that remained
record Fulfillment(
    String id,
    long number,
    List<FulfilledItem> items,
    @Nullable Tracking tracking,
    Instant fulfilledAt,
    OrderView order) {

  static Fulfillment of(
      AcceptedCommand accepted, FulfillmentCommand.Complete what, OrderView order) {
    return new Fulfillment(
        accepted.id().value(),
        accepted.number(),
        what.items(),
        what.tracking(),
        accepted.acceptedAt(),
        order);
  }
}
