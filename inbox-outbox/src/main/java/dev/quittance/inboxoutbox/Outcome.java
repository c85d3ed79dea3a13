package dev.quittance.inboxoutbox;

import dev.quittance.contracts.DeadLetter;

/// What became of one record. Every record has exactly one outcome.
public sealed interface Outcome {

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
  record Applied() implements Outcome {}

  /// It is none of our business.
  record Ignored() implements Outcome {}

  /// It was known already.
  record Duplicate() implements Outcome {}

  /// It can't be processed.
  ///
  /// @param detail a sentence without content of the record
  record Dead(DeadLetter.Why why, String detail) implements Outcome {}
}
