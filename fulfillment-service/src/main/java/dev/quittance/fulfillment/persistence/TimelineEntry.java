package dev.quittance.fulfillment.persistence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.RefundCount;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.PersonalData;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One thing that happened to an order: a payment fact or an event that we published. Holds no
/// delivered key, and of personal data no more than whoever asked may see.
///
/// @param type the whole type name
/// @param occurredAt when it happened: a fact by the provider's clock, an event by ours
/// @param recordedAt when we knew it
/// @param sequence of an event that we published
/// @param sourceType the provider's own name of its event's type
/// @param uncounted why a refund counts in no sum: `release` of what was never captured, or
///   `other_currency` than the order's and the charged one
/// @param detail of an event that we published: its data without the order
public record TimelineEntry(
    String id,
    String type,
    Instant occurredAt,
    Instant recordedAt,
    String source,
    @Nullable String origin,
    @Nullable Long sequence,
    @Nullable String sourceEvent,
    @Nullable String sourceType,
    @Nullable Money amount,
    @Nullable String refund,
    @Nullable String dispute,
    @Nullable String status,
    @Nullable Reason reason,
    @Nullable String uncounted,
    @Nullable JsonNode detail) {

  /// Which refunds count in no sum, and why.
  static Map<String, String> uncounted(List<PaymentFact> facts) {
    RefundCount count = facts.isEmpty() ? null : PaymentPicture.of(facts).refundCount();
    if (count == null) {
      return Map.of();
    }
    var why = new HashMap<String, String>();
    count.uncounted().forEach(refund -> why.put(String.valueOf(refund.refund()), "other_currency"));
    if (count.release() != null) {
      why.put(count.release(), "release");
    }
    return why;
  }

  static Optional<TimelineEntry> of(
      FactRow row, Map<String, String> uncounted, PersonalData personal) {
    return row.fact()
        .map(personal::in)
        .map(fact -> {
          var about = fact.event().about();
          var said = Said.of(fact.event());
          return new TimelineEntry(
              row.eventId,
              row.type,
              about.occurredAt(),
              row.recordedAt,
              row.source,
              row.origin,
              null,
              about.sourceEvent(),
              about.sourceType(),
              said.amount,
              said.refund,
              said.dispute,
              said.status,
              said.reason,
              said.refund == null ? null : uncounted.get(said.refund),
              null);
        });
  }

  static TimelineEntry of(EventRow row, PersonalData personal) {
    JsonNode detail = WireFormat.read(row.detail, JsonNode.class);
    if (detail instanceof ObjectNode fields) {
      StoredPersonalData.mask(fields, personal);
    }
    return new TimelineEntry(
        row.eventId,
        row.type,
        row.occurredAt,
        row.occurredAt,
        OrderRepository.SOURCE,
        null,
        row.sequence,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        detail);
  }

  /// The few fields of a payment event that a timeline shows.
  private record Said(
      @Nullable Money amount,
      @Nullable String refund,
      @Nullable String dispute,
      @Nullable String status,
      @Nullable Reason reason) {

    static Said of(PaymentEvent event) {
      return switch (event) {
        case PaymentEvent.Pending(_, var details) ->
            new Said(details.amount(), null, null, null, null);
        case PaymentEvent.Succeeded(_, var details, _) ->
            new Said(
                details.received() != null ? details.received() : details.amount(),
                null,
                null,
                null,
                null);
        case PaymentEvent.AttemptFailed(_, var details, var reason) ->
            new Said(details.amount(), null, null, null, reason);
        case PaymentEvent.Failed(_, var details, var reason) ->
            new Said(details.amount(), null, null, null, reason);
        case PaymentEvent.Canceled(_, var details, var reason) ->
            new Said(details.amount(), null, null, null, reason);
        case PaymentEvent.Reversed(_, _, var reason) -> new Said(null, null, null, null, reason);
        case PaymentEvent.ItemsKnown(_, var itemsState, _, _) ->
            new Said(null, null, null, Columns.wireName(itemsState), null);
        case PaymentEvent.RefundUpdated(
                _,
                var refund,
                var status,
                var amount,
                _,
                _,
                _,
                var reason) ->
            new Said(amount, refund, null, Columns.wireName(status), reason);
        case PaymentEvent.RefundTotalUpdated(_, var total, _) ->
            new Said(total, null, null, null, null);
        case PaymentEvent.DisputeUpdated(_, var dispute, var status, var amount, var reason) ->
            new Said(amount, null, dispute, Columns.wireName(status), reason);
      };
    }
  }
}
