package dev.quittance.contracts;

import dev.quittance.contracts.PaymentEvent.Reversed;
import dev.quittance.contracts.PaymentEvent.Succeeded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which successes of one payment were taken back. A pure function of the set of facts.
///
/// - A reversal takes back the success of the attempt that it names, whenever either was said.
/// - Where one of the two names no attempt, the success belongs to the reversal's unless it
///   happened, by the provider's clock, after it: checkouts don't say which attempt paid.
/// - Where no attempt succeeded, there is nothing to take back.
///
/// @param last the last that takes back anything
record Reversals(List<Reversed> all, @Nullable Reversed last) {

  /// @param sorted all facts that count, by [PaymentFact#BY_TIME]
  static Reversals of(List<PaymentFact> sorted) {
    List<Reversed> all = said(sorted, Reversed.class);
    if (all.isEmpty()) {
      return new Reversals(all, null); // as most payments have none
    }
    List<Succeeded> successes = said(sorted, Succeeded.class);
    Reversed last =
        all.stream()
            .filter(
                reversal -> successes.stream().anyMatch(success -> takesBack(reversal, success)))
            .reduce((_, later) -> later)
            .orElse(null);
    return new Reversals(all, last);
  }

  private static <T extends PaymentEvent> List<T> said(List<PaymentFact> facts, Class<T> what) {
    return facts.stream().map(PaymentFact::event).filter(what::isInstance).map(what::cast).toList();
  }

  boolean takeBack(Succeeded success) {
    return all.stream().anyMatch(reversal -> takesBack(reversal, success));
  }

  private static boolean takesBack(Reversed reversal, Succeeded success) {
    String gone = reversal.attempt();
    String brought = success.attempt();
    if (gone != null && brought != null) {
      return gone.equals(brought);
    }
    return !success.about().occurredAt().isAfter(reversal.about().occurredAt());
  }
}
