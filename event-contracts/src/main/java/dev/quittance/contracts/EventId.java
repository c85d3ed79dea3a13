package dev.quittance.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// The id of one event on the wire (`ce_id`). For canonical payment events it is
/// `{endpoint}:{provider's event id}:{n}` and so the same however often the event is delivered,
/// recovered or replayed.
///
/// @param value at most [#LENGTH_MAX] characters
public record EventId(String value) implements Comparable<EventId> {

  /// 64 for an endpoint's name, 255 for a provider's event id, and room for the number.
  public static final int LENGTH_MAX = 330;

  /// @throws IllegalArgumentException when the id is empty, too long, or has a NUL
  public EventId {
    // no database stores a NUL
    if (value.isBlank() || CodePoints.moreThan(LENGTH_MAX, value) || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("an event id has 1 to " + LENGTH_MAX + " characters");
    }
  }

  /// The n-th canonical event (from 0) that one provider event was translated to.
  public static EventId canonical(String endpoint, String providerEventId, int n) {
    return new EventId(endpoint + ":" + providerEventId + ":" + n);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static EventId read(String value) {
    return new EventId(value);
  }

  /// What all canonical events of one provider event share: the id without its number.
  public String sourceEvent() {
    int last = value.lastIndexOf(':');
    return last < 0 ? value : value.substring(0, last);
  }

  @Override
  public int compareTo(EventId other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }
}
