package dev.quittance.fulfillment.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One thing that happened to an order: a payment fact or an event that we told. Holds no delivered
/// key, and of personal data no more than whoever asked may see.
///
/// @param type the whole type name
/// @param occurredAt when it happened: a fact by the provider's clock, an event by ours
/// @param recordedAt when we knew it
/// @param sequence of an event that we told
/// @param sourceType the provider's own name of its event's type
/// @param uncounted why a refund counts in no sum: `release` of what was never captured, or
///   `other_currency` than the order's and the charged one
/// @param detail of an event that we told: its data without the order
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
    @Nullable JsonNode detail) {}
