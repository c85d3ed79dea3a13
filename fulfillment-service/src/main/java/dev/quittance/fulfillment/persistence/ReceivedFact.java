package dev.quittance.fulfillment.persistence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A canonical event that an order rests on, with the way that it came. Its data is personal.
///
/// @param sourceEvent the key of the provider's event on the verbatim topic
/// @param occurredAt by the provider's clock
/// @param receivedAt when the edge had it; null of events from before this was kept
/// @param recordedAt when it counted here
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record ReceivedFact(
    String eventId,
    String sourceEvent,
    String type,
    int translation,
    Instant occurredAt,
    @Nullable Instant receivedAt,
    Instant recordedAt,
    String origin,
    byte[] data) {

  @Override
  public String toString() {
    return "ReceivedFact[" + eventId + "]";
  }
}
