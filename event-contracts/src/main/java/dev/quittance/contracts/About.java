package dev.quittance.contracts;

import java.time.Instant;

/// What every payment event says of itself.
///
/// @param provider for example `stripe`
/// @param account the provider account; two endpoints may share one
/// @param endpoint the webhook endpoint that the event came in by
/// @param livemode false for the provider's test mode
/// @param occurredAt when it happened, by the provider's clock
/// @param sourceEvent the provider's own id of its event
/// @param sourceType the provider's own name of its event's type
public record About(
    OrderId order,
    String provider,
    String account,
    String endpoint,
    boolean livemode,
    Instant occurredAt,
    String sourceEvent,
    String sourceType) {}
