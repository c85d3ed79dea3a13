package dev.quittance.ingest.provider;

import dev.quittance.contracts.CloudEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A verified webhook as it stands on the verbatim topic.
///
/// @param endpoint the endpoint's name
/// @param eventId the provider's event id, or `sha256:…` of the body
/// @param body the provider's bytes, untouched
/// @param traceparent the W3C trace context of its arrival
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Webhook(
    String endpoint,
    String eventId,
    byte[] body,
    Instant receivedAt,
    CloudEvent.Origin origin,
    @Nullable String traceparent) {

  @Override
  public String toString() {
    return "Webhook[" + endpoint + ", " + eventId + "]";
  }
}
