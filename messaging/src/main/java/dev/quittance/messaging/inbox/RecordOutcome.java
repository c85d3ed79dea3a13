package dev.quittance.messaging.inbox;

import dev.quittance.contracts.DeadLetter;

/// What became of one record. Every record has exactly one outcome.
public sealed interface RecordOutcome {

  /// As metrics, logs and traces call it.
  default String word() {
    return switch (this) {
      case Applied() -> "applied";
      case Ignored() -> "ignored";
      case Duplicate() -> "duplicate";
      case Dead _ -> "dead";
    };
  }

  /// It said something new.
  record Applied() implements RecordOutcome {}

  /// It is none of our business.
  record Ignored() implements RecordOutcome {}

  /// It was known already.
  record Duplicate() implements RecordOutcome {}

  /// It can't be processed.
  ///
  /// @param detail a sentence without content of the record
  record Dead(DeadLetter.Why why, String detail) implements RecordOutcome {}
}
