package dev.quittance.receipts.receipt;

import java.time.Instant;

/// The right to claim receipts as they are written, by whoever can send them at once.
///
/// @param mails so many at most
/// @param lease what they are claimed under
/// @param year which their numbers belong to
public record Grant(int mails, Lease lease, int year) {

  /// Whatever is written waits in the table.
  public static final Grant NONE = new Grant(0, new Lease("", Instant.EPOCH), 0);
}
