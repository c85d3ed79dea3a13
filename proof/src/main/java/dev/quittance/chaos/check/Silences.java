package dev.quittance.chaos.check;

import dev.quittance.chaos.history.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a provider's API that doesn't answer may cost, and what it may not: orders may have to do
/// without their items, but what happens to money is told all the same.
final class Silences {

  private static final String HANGS = "api-hangs";
  private static final String API = "api";

  /// From a webhook's acceptance to its facts, on a machine where nothing else is broken; the usual
  /// is some milliseconds.
  private static final long TOLD_WITHIN_MS = 10_000;

  /// A question may come up this much before the API fails: what asks it was broken itself.
  private static final long LATE_MS_MAX = 60_000;

  /// What was broken before works again as ever by then.
  private static final long AFTERMATH_MS = 5_000;

  private final List<Entry.Faulted> faults = new ArrayList<>();
  private final Map<String, Long> accepted = new HashMap<>();
  private final Map<String, Long> told = new HashMap<>();

  void faulted(Entry.Faulted fault) {
    faults.add(fault);
  }

  void accepted(String event, long at) {
    accepted.merge(event, at, Math::min);
  }

  void told(String event, long at) {
    told.merge(event, at, Math::min);
  }

  /// Refunds and disputes that came while the API was silent, and nothing else was broken, and that
  /// were not told at once.
  List<Violation> violations(List<Entry.Sent> sent) {
    var found = new ArrayList<Violation>();
    for (Entry.Sent event : sent) {
      String key = event.endpoint() + ":" + event.event();
      Long at = accepted.get(key);
      if (at == null || !movesMoneyBack(event) || !onlyTheApiHung(at)) {
        continue;
      }
      Long first = told.get(key);
      if (first == null || first - at > TOLD_WITHIN_MS) {
        found.add(
            new Violation(
                "told while the provider is silent",
                key,
                event.type()
                    + (first == null
                        ? " was never told"
                        : " was told after " + (first - at) + " ms")));
      }
    }
    return found;
  }

  /// The orders whose items may be unknown, because nobody answered when they were asked for.
  Set<String> ordersWithoutItems(List<Entry.Sent> sent) {
    var orders = new HashSet<String>();
    for (Entry.Sent event : sent) {
      Long at = accepted.get(event.endpoint() + ":" + event.event());
      String order = Fold.orderOf(event);
      if (at != null
          && order != null
          && faults.stream()
              .filter(fault -> fault.parts().contains(API))
              .anyMatch(fault -> fault.from() - LATE_MS_MAX <= at && at <= fault.to())) {
        orders.add(order);
      }
    }
    return orders;
  }

  private static boolean movesMoneyBack(Entry.Sent event) {
    return event.type().startsWith("refund.")
        || event.type().startsWith("charge.refund")
        || event.type().startsWith("charge.dispute.");
  }

  private boolean onlyTheApiHung(long at) {
    long until = at + TOLD_WITHIN_MS;
    return faults.stream()
            .anyMatch(
                fault -> fault.kind().equals(HANGS) && fault.from() <= at && until <= fault.to())
        && faults.stream()
            .filter(fault -> !fault.parts().equals(List.of(API)))
            .noneMatch(fault -> fault.from() <= until && at <= fault.to() + AFTERMATH_MS);
  }
}
