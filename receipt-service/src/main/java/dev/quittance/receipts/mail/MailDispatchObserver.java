package dev.quittance.receipts.mail;

import dev.quittance.receipts.receipt.MailOutcome;

/// Watches a [MailDispatcher], for metrics and logs.
public interface MailDispatchObserver {

  /// An attempt was made and its outcome is committed.
  void attempted(MailOutcome outcome);

  /// The mail server fell into trouble, or is well again.
  default void circuit(MailCircuit now) {}

  /// Something of our own went wrong; the work goes on.
  void failing(String what, Throwable cause);
}
