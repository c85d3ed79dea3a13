package dev.quittance.sandbox.delivery;

import org.jspecify.annotations.Nullable;

/// What came of an attempt to deliver an event.
///
/// @param endpoint the URL that it was posted to
/// @param status the HTTP status of the answer; null when there was none
/// @param error why there was no answer; null when there was one
/// @param durationMs how long the answer took
public record Delivery(
    String event,
    String eventId,
    String endpoint,
    @Nullable Integer status,
    @Nullable String error,
    long durationMs,
    @Nullable String order) {}
