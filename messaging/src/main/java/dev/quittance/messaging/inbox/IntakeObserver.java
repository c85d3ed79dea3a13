package dev.quittance.messaging.inbox;

/// Watches an [Intake], for metrics and logs.
public interface IntakeObserver {

  /// A record has its outcome, and the outcome is committed.
  void handled(IncomingRecord record, RecordOutcome outcome);

  /// A batch is tried again because the database or the brokers are away.
  ///
  /// @param attempt from 1
  void retrying(int attempt, Exception cause);

  /// Nothing more is taken in, because a record is of a type that only a newer version knows. Told
  /// again and again, for as long as it lasts.
  ///
  /// @param type the record's whole type name
  void leaving(IncomingRecord record, String type);
}
