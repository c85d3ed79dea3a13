package dev.quittance.contracts;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When the edge received the provider's webhook, as the payment events' records say it beside
/// their CloudEvents headers. Only measures hang on it: so no event is ever refused for it.
public final class ReceivedAt {

  public static final String HEADER = "webhook_received_at";

  /// Times beyond these are nobody's, and a duration up to them still fits into nanoseconds.
  private static final Instant MIN = Instant.parse("2000-01-01T00:00:00Z");

  private static final Instant MAX = Instant.parse("2200-01-01T00:00:00Z");

  private ReceivedAt() {}

  /// Null where it isn't said, or makes no sense.
  public static @Nullable Instant read(byte @Nullable [] header) {
    if (header == null) {
      return null;
    }
    try {
      Instant at = Instant.parse(new String(header, StandardCharsets.UTF_8));
      return at.isBefore(MIN) || at.isAfter(MAX) ? null : at;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
