package dev.quittance.chaos.check;

import dev.quittance.chaos.history.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/// Conservation: what stands in a topic was counted by each reader, once.
final class Books {

  private static final String FACTS = "payments.events.v1";

  /// A receipt doesn't change because somebody disputes the payment.
  private static final Map<String, Set<String>> IGNORED =
      Map.of("quittance-receipts", Set.of("dev.quittance.payment.dispute_updated.v1"));

  private final List<Entry.Ledger> ledgers = new ArrayList<>();
  private final List<Entry.Lag> lags = new ArrayList<>();
  private final Map<String, String> factTypes = new HashMap<>();
  private final Map<String, Long> recordsByType = new HashMap<>();

  void fact(Entry.Fact fact) {
    factTypes.put(fact.id(), fact.type());
    recordsByType.merge(fact.type(), 1L, Long::sum);
  }

  void ledger(Entry.Ledger ledger) {
    ledgers.add(ledger);
  }

  void lag(Entry.Lag lag) {
    lags.add(lag);
  }

  List<Violation> violations() {
    var found = new ArrayList<Violation>();
    for (Entry.Lag lag : lags) {
      if (lag.committed() != lag.end()) {
        found.add(
            new Violation(
                "conservation",
                place(lag.group(), lag.topic(), lag.partition()),
                "read up to " + lag.committed() + " of " + lag.end()));
      }
    }
    for (Entry.Ledger ledger : ledgers) {
      long counted =
          ledger.applied() + ledger.ignored() + ledger.duplicate() + ledger.dead() + ledger.gaps();
      if (ledger.first() != 0 || ledger.next() != ledger.end() || counted != ledger.end()) {
        found.add(
            new Violation(
                "conservation",
                place(ledger.group(), ledger.topic(), ledger.partition()),
                "counted " + counted + " up to " + ledger.next() + " of " + ledger.end()));
      }
    }
    ledgers.stream().map(Entry.Ledger::group).distinct().forEach(group -> effects(group, found));
    return found;
  }

  /// Each fact has its effect in each group once, however often it is in the topic. What the
  /// provider was asked for is told under the same id once more: an answer takes the place of what
  /// was said before it, and counts for itself unless it came first.
  private void effects(String group, List<Violation> found) {
    Set<String> ignored = IGNORED.getOrDefault(group, Set.of());
    Map<String, String> facts = new HashMap<>();
    factTypes.forEach((id, type) -> facts.put(id.split(" ", 2)[0], type));
    long wanted = facts.values().stream().filter(type -> !ignored.contains(type)).count();
    long most = factTypes.values().stream().filter(type -> !ignored.contains(type)).count();
    long applied = sum(group, Entry.Ledger::applied);
    long unwanted =
        recordsByType.entrySet().stream()
            .filter(type -> ignored.contains(type.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    long all = recordsByType.values().stream().mapToLong(Long::longValue).sum();
    String expected =
        Math.clamp(applied, wanted, most) + " applied, " + unwanted + " ignored of " + all;
    String actual =
        applied
            + " applied, "
            + sum(group, Entry.Ledger::ignored)
            + " ignored of "
            + sum(group, ledger -> ledger.next() - ledger.gaps());
    if (!expected.equals(actual)) {
      found.add(
          new Violation("conservation", group, "counted " + actual + ", and not " + expected));
    }
  }

  private long sum(String group, ToLongFunction<Entry.Ledger> figure) {
    return ledgers.stream()
        .filter(ledger -> ledger.group().equals(group) && ledger.topic().equals(FACTS))
        .mapToLong(figure)
        .sum();
  }

  private static String place(String group, String topic, int partition) {
    return group + " " + topic + " " + partition;
  }
}
