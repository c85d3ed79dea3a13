package dev.quittance.ingest.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One delivery that was answered, or one event that was recovered. Nothing of its content.
///
/// @param endpoint the endpoint's name, `unknown` for all that there aren't
/// @param outcome a lower_snake word, for example `accepted` or `signature_wrong`
/// @param status what was answered; 0 where nobody was waiting for an answer
/// @param eventId of verified deliveries only, like the type
/// @param origin `webhook` or `recovered`
/// @param bytes how long the body was, as far as it was read
public record JournalEntry(
    Instant at,
    String endpoint,
    String outcome,
    int status,
    @Nullable String eventId,
    @Nullable String type,
    String origin,
    int bytes,
    double durationMs) {}
