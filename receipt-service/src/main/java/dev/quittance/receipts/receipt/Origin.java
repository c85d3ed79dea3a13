package dev.quittance.receipts.receipt;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What brought a receipt about, for traces and measures; nothing hangs on it.
///
/// @param traceparent the W3C trace context of the latest event that changed it before it was tried
/// @param receivedAt when that event's webhook reached us
public record Origin(@Nullable String traceparent, @Nullable Instant receivedAt) {

  /// Of receipts from before there were traces, or asked for by hand.
  public static final Origin UNKNOWN = new Origin(null, null);
}
