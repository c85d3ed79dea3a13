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
/// @param references what the payment's reference names, by the endpoint's settings; absent where
///   it may be any text
public record About(
    OrderId order,
    String provider,
    String account,
    String endpoint,
    boolean livemode,
    Instant occurredAt,
    String sourceEvent,
    String sourceType,
    @Nullable String connectedAccount,
    @Nullable References references) {

  /// What a reference names.
  public enum References {
    /// One order of the shop's, which is paid once: a second payment with it is a double one.
    ORDER
  }

  /// About a payment of our own account, whose reference may be any text.
  public About(
      OrderId order,
      String provider,
      String account,
      String endpoint,
      boolean livemode,
      Instant occurredAt,
      String sourceEvent,
      String sourceType) {
    this(
        order,
        provider,
        account,
        endpoint,
        livemode,
        occurredAt,
        sourceEvent,
        sourceType,
        null,
        null);
  }
}
