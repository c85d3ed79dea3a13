package dev.quittance.fulfillment.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which orders are wanted; whatever is absent doesn't matter.
///
/// @param status a payment or fulfilment status by its wire name
/// @param from placed at or after
/// @param to placed before
/// @param text words that the order's ids, reference, e-mail address or name begin with
/// @param session the id of the checkout session
/// @param oldestFirst else newest first
public record OrderFilter(
    @Nullable String status,
    @Nullable String paymentStatus,
    @Nullable String fulfillmentStatus,
    @Nullable String provider,
    @Nullable String currency,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String text,
    @Nullable String session,
    boolean oldestFirst) {

  /// All orders, newest first.
  public static final OrderFilter NONE =
      new OrderFilter(null, null, null, null, null, null, null, null, null, false);

  /// Without the text and the session, which may be somebody's name.
  @Override
  public String toString() {
    return "OrderFilter[…]";
  }
}
