package dev.quittance.messaging.deadletter;

import dev.quittance.messaging.deadletter.StoredDeadLetter.Settled;

/// What came of dealing with one letter.
public sealed interface DeadLetterResult {

  /// It went back to its topic, and is marked so.
  record Redriven(String topic, int partition, long offset) implements DeadLetterResult {}

  /// It is marked as discarded.
  record Discarded() implements DeadLetterResult {}

  /// Somebody was faster.
  record SettledBefore(Settled how) implements DeadLetterResult {}

  /// There is no such letter, or none any more.
  record Unknown() implements DeadLetterResult {}

  /// It can't be sent back and stays open.
  ///
  /// @param why a sentence
  record Refused(String why) implements DeadLetterResult {}
}
