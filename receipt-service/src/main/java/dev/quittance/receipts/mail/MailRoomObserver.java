package dev.quittance.receipts.mail;

import dev.quittance.receipts.receipt.CodeOutcome;
import dev.quittance.receipts.receipt.Receipt;

/// Watches a [MailRoom], for metrics and logs.
public interface MailRoomObserver {

  /// An attempt was made and its outcome is committed.
  void attempted(Receipt receipt, Reply reply);

  /// An attempt to send a code was made and its outcome is committed.
  void attempted(CodeOutcome outcome);

  /// The mail server fell into trouble, or is well again.
  default void circuit(Circuit now) {}

  /// Something of our own went wrong; the work goes on.
  void failing(String what, Throwable cause);
}
