package dev.quittance.receipts.receipt;

import dev.quittance.contracts.OrderId;
import java.time.Instant;

/// A letter with a code, claimed for sending.
///
/// @param code as secret as a password; forgotten when the letter was sent
/// @param edition 1, and one more for each resending by hand
/// @param attempt from 1
/// @param since when it became due
/// @param countedFrom since when its time counts: later than that by the mail server's outages
public record CodeSending(
    String id,
    OrderId order,
    ReceiptContent content,
    String to,
    String code,
    int edition,
    int attempt,
    Instant since,
    Instant countedFrom,
    Lease lease) {

  /// The same at every attempt of an edition.
  public String messageId(String domain) {
    return id + "." + edition + "@" + domain;
  }

  @Override
  public String toString() {
    return "CodeSending[" + id + "]";
  }
}
