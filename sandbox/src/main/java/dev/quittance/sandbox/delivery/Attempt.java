package dev.quittance.sandbox.delivery;

import java.time.Instant;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One try to deliver an event.
///
/// @param number 0 for the first; how often the provider counts having tried before
/// @param atMs when it began, in milliseconds since 1970
/// @param cause why it was made
/// @param headers the request's, as they were sent
/// @param status the HTTP status of the answer; null when there was none
/// @param error why there was no answer; null when there was one
/// @param answer the beginning of the answer's body
/// @param durationMs how long the answer took
public record Attempt(
    int number,
    long atMs,
    Cause cause,
    Map<String, String> headers,
    @Nullable Integer status,
    @Nullable String error,
    String answer,
    long durationMs) {

  public Attempt {
    headers = Map.copyOf(headers);
  }

  /// When it began.
  public Instant at() {
    return Instant.ofEpochMilli(atMs);
  }

  /// The headers by name, so that they always read the same.
  public SequencedMap<String, String> sortedHeaders() {
    return new TreeMap<>(headers);
  }

  /// Why an attempt was made.
  public enum Cause {
    /// The provider's own: the first, or a retry.
    SCHEDULE,
    /// The sandbox was asked to deliver twice.
    DUPLICATE,
    /// Somebody asked for it.
    BY_HAND
  }
}
