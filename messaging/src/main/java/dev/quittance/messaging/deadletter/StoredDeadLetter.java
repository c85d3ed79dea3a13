package dev.quittance.messaging.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What can be said of a dead letter without its content.
///
/// @param reason the machine-readable reason, `unknown` where the record names none
/// @param detail a sentence for people
/// @param origin where the record was; null where it doesn't say so, and then it can't be sent back
/// @param group the consumer group that gave it up
/// @param at when it did
/// @param key the record's key, such as an order or `{endpoint}:{event id}`
/// @param eventId the CloudEvents id
/// @param eventType the provider's type of a webhook, or the CloudEvents type
/// @param bytes how large the value is, also where it was left out
/// @param whole whether the letter holds the record, or it has to be read at its origin
public record StoredDeadLetter(
    DeadLetterId id,
    String reason,
    String detail,
    @Nullable Origin origin,
    @Nullable String group,
    Instant at,
    @Nullable String key,
    @Nullable String eventId,
    @Nullable String eventType,
    long bytes,
    boolean whole,
    Standing standing) {

  /// Where a record was before it was given up.
  public record Origin(String topic, int partition, long offset) {

    @Override
    public String toString() {
      return topic + ":" + partition + ":" + offset;
    }
  }

  /// What became of a letter.
  public sealed interface Standing permits Open, Settled {}

  /// Nothing yet.
  public record Open() implements Standing {}

  /// Somebody dealt with it.
  ///
  /// @param by who, in their own words
  public record Settled(How how, Instant at, String by) implements Standing {}

  /// How a letter was dealt with.
  public enum How {
    REDRIVEN("redriven"),
    DISCARDED("discarded");

    private final String wireName;

    How(String wireName) {
      this.wireName = wireName;
    }

    /// As it stands in `dlq_settled_as`.
    public String wireName() {
      return wireName;
    }
  }

  public boolean open() {
    return standing instanceof Open;
  }

  StoredDeadLetter settled(Settled how) {
    return new StoredDeadLetter(
        id, reason, detail, origin, group, at, key, eventId, eventType, bytes, whole, how);
  }
}
