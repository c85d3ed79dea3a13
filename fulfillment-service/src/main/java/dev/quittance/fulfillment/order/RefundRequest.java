package dev.quittance.fulfillment.order;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A refund that somebody asked the provider for. It changes no order: what the provider reports of
/// the refund does.
///
/// @param by the name of who asked
/// @param amount in words, since it may be all that was left
/// @param reason one of the provider's own
/// @param note in somebody's own words; absent also once the customer was erased
/// @param outcome `begun` until one is known, then as the audit has it
/// @param refund the provider's id of it, where it took it
public record RefundRequest(
    Instant at,
    String by,
    String amount,
    String reason,
    @Nullable String note,
    String outcome,
    @Nullable String refund) {

  /// What is left of it once the customer was erased: the note is in somebody's own words.
  public RefundRequest forgotten() {
    return new RefundRequest(at, by, amount, reason, null, outcome, refund);
  }

  /// Without the note, which may name anybody.
  @Override
  public String toString() {
    return "RefundRequest[" + outcome + "]";
  }
}
