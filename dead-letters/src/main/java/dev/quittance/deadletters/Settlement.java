package dev.quittance.deadletters;

import dev.quittance.deadletters.Letter.Settled;

/// What came of dealing with one letter.
public sealed interface Settlement {

  /// It went back to its topic, and is marked so.
  record Redriven(String topic, int partition, long offset) implements Settlement {}

  /// It is marked as discarded.
  record Discarded() implements Settlement {}

  /// Somebody was faster.
  record SettledBefore(Settled how) implements Settlement {}

  /// There is no such letter, or none any more.
  record Unknown() implements Settlement {}

  /// It can't be sent back and stays open.
  ///
  /// @param why a sentence
  record Refused(String why) implements Settlement {}
}
