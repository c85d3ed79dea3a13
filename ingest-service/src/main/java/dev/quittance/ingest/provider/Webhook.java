package dev.quittance.ingest.provider;

import dev.quittance.contracts.About;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.ingest.endpoint.Endpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A verified webhook as it stands on the verbatim topic.
///
/// @param endpoint the endpoint's name
/// @param eventId the provider's event id, or `sha256:…` of the body
/// @param body the provider's bytes, untouched
/// @param traceparent the W3C trace context of its arrival
/// @param hint whether its signature doesn't vouch for the body ([Verdict.Hint]), so that no fact
///   may be taken from there
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Webhook(
    String endpoint,
    String eventId,
    byte[] body,
    Instant receivedAt,
    CloudEvent.Origin origin,
    @Nullable String traceparent,
    boolean hint) {

  /// A webhook whose body can be believed.
  public Webhook(
      String endpoint,
      String eventId,
      byte[] body,
      Instant receivedAt,
      CloudEvent.Origin origin,
      @Nullable String traceparent) {
    this(endpoint, eventId, body, receivedAt, origin, traceparent, false);
  }

  /// One of several events that it holds, as if it had come alone.
  public Webhook event(String ownId, byte[] ownBody) {
    return new Webhook(endpoint, ownId, ownBody, receivedAt, origin, traceparent, hint);
  }

  /// What an event about a payment says of itself.
  ///
  /// @param type the provider's name of the event's type
  public About about(
      Endpoint by, String paymentReference, boolean livemode, Instant occurredAt, String type) {
    return about(by, paymentReference, livemode, occurredAt, type, null);
  }

  /// @param connectedAccount whose payment it is, where it isn't the endpoint's own
  public About about(
      Endpoint by,
      String paymentReference,
      boolean livemode,
      Instant occurredAt,
      String type,
      @Nullable String connectedAccount) {
    return new About(
        OrderId.of(by.account(), paymentReference),
        by.provider(),
        by.account(),
        by.name(),
        livemode,
        occurredAt,
        eventId,
        type,
        connectedAccount,
        switch (by.reference()) {
          case FREE -> null;
          case ORDER -> About.References.ORDER;
        });
  }

  @Override
  public String toString() {
    return "Webhook[" + endpoint + ", " + eventId + "]";
  }
}
