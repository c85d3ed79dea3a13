package dev.quittance.ingest.webhook;

import java.util.Optional;

/// What can be said of a delivery once it is answered.
///
/// @param eventId of verified deliveries only: what nobody signed is not written down
/// @param type of verified deliveries only, where the edge found it
/// @param traceparent of verified deliveries only: what goes on with the record
record AnsweredDelivery(
    DeliveryOutcome outcome,
    Optional<String> eventId,
    Optional<String> type,
    Optional<String> traceparent) {

  static AnsweredDelivery refused(DeliveryOutcome outcome) {
    return new AnsweredDelivery(outcome, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
