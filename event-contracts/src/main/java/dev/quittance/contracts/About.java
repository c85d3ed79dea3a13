package dev.quittance.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What every payment event says of itself.
///
/// @param provider for example `stripe`
/// @param account the provider account; two endpoints may share one
/// @param endpoint the webhook endpoint that the event came in by
/// @param livemode false for the provider's test mode
/// @param occurredAt when it happened, by the provider's clock
/// @param sourceEvent the provider's own id of its event
/// @param sourceType the provider's own name of its event's type
/// @param connectedAccount whose money it is, where a platform takes payments for others: the
///   provider's id of that account (Stripe Connect: `acct_…`); absent for our own
public record About(
    OrderId order,
    String provider,
    String account,
    String endpoint,
    boolean livemode,
    Instant occurredAt,
    String sourceEvent,
    String sourceType,
    @Nullable String connectedAccount) {

  /// About a payment of our own account.
  public About(
      OrderId order,
      String provider,
      String account,
      String endpoint,
      boolean livemode,
      Instant occurredAt,
      String sourceEvent,
      String sourceType) {
    this(order, provider, account, endpoint, livemode, occurredAt, sourceEvent, sourceType, null);
  }
}
