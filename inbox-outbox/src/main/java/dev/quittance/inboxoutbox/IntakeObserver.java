package dev.quittance.inboxoutbox;

/// Watches an [Intake], for metrics and logs.
public interface IntakeObserver {

  /// A record has its outcome, and the outcome is committed.
  void handled(Incoming record, Outcome outcome);

  /// A batch is tried again because the database or the brokers are away.
  ///
  /// @param attempt from 1
  void retrying(int attempt, Exception cause);
}
