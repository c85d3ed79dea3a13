package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// A translation that finds nothing in a provider's event: whatever a lower revision made of it no
/// longer counts, in any order. Published on [Topic#PAYMENT_EVENTS]. Nobody knows any more which
/// orders that were, so its subject, and key, is the account and the event, and readers find the
/// facts by what their ids share.
///
/// @param provider for example `stripe`
/// @param account the provider account
/// @param endpoint the webhook endpoint that the event came in by
/// @param sourceEvent the provider's own id of its event
/// @param sourceType the provider's own name of its event's type, where the edge found it
/// @param reason why nothing is in it
public record PaymentWithdrawn(
    String provider,
    String account,
    String endpoint,
    String sourceEvent,
    @Nullable String sourceType,
    Reason reason) {

  /// As it stands in `ce_type`.
  public static final String TYPE = TypeName.of("payment", "withdrawn").value();

  private static final String ID_SUFFIX = ":withdrawn";

  /// The id that follows from the event.
  public EventId id() {
    return new EventId(endpoint + ":" + sourceEvent + ID_SUFFIX);
  }

  /// The subject: of an order's form, so that one provider event's withdrawals are in one
  /// partition, but no order's id.
  public OrderId subject() {
    return OrderId.of(account, sourceEvent);
  }
}
