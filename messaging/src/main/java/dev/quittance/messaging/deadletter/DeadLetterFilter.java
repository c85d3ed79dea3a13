package dev.quittance.messaging.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which letters are meant. What is null doesn't matter.
///
/// @param topic the letters' own topic, or the one that the records come from
/// @param reason the machine-readable reason
/// @param from not before
/// @param to before
/// @param settledToo also those that somebody has dealt with
public record DeadLetterFilter(
    @Nullable String topic,
    @Nullable String reason,
    @Nullable Instant from,
    @Nullable Instant to,
    boolean settledToo) {

  /// All that are open.
  public static final DeadLetterFilter OPEN = new DeadLetterFilter(null, null, null, null, false);

  boolean takes(StoredDeadLetter letter) {
    return (settledToo || letter.open())
        && (topic == null
            || topic.equals(letter.id().topic())
            || (letter.origin() != null && topic.equals(letter.origin().topic())))
        && (reason == null || reason.equals(letter.reason()))
        && (from == null || !letter.at().isBefore(from))
        && (to == null || letter.at().isBefore(to));
  }
}
