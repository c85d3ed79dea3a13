package dev.quittance.ingest.translate;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of a delivery: the worst of what became of its events, once all of them have ended.
/// So each verbatim record is counted once, however many events it holds.
///
/// For one thread at a time.
final class DeliveryTally {

  private int open;
  private @Nullable TranslationOutcome worst;

  /// @param events how many the delivery holds
  DeliveryTally(int events) {
    this.open = events;
  }

  /// An event has ended.
  ///
  /// @return the delivery's outcome, where it was the last
  Optional<TranslationOutcome> ended(TranslationOutcome outcome) {
    if (worst == null || rank(outcome) > rank(worst)) {
      worst = outcome;
    }
    open--;
    return open == 0 ? Optional.of(worst) : Optional.empty();
  }

  /// The delivery's outcome so far.
  ///
  /// @throws IllegalStateException when none of its events has ended
  TranslationOutcome worst() {
    if (worst == null) {
      throw new IllegalStateException("nothing of the delivery has ended");
    }
    return worst;
  }

  /// What somebody has to look at, before what isn't done yet, before what says something.
  private static int rank(TranslationOutcome outcome) {
    return switch (outcome) {
      case TranslationOutcome.Dead _ -> 3;
      case TranslationOutcome.Asking _ -> 2;
      case TranslationOutcome.Translated _ -> 1;
      case TranslationOutcome.Ignored _ -> 0;
    };
  }
}
