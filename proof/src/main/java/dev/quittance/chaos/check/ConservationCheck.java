package dev.quittance.chaos.check;

import static java.util.stream.Collectors.groupingBy;

import dev.quittance.chaos.history.Entry;
import dev.quittance.contracts.PaymentFact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// Conservation: what stands in a topic was counted by each reader, once.
final class ConservationCheck {

  private static final String FACTS = "payments.events.v1";

  /// A receipt doesn't change because somebody disputes the payment.
  private static final Map<String, Set<String>> IGNORED =
      Map.of("quittance-receipts", Set.of("dev.quittance.payment.dispute_updated.v1"));

  private final List<Entry.Ledger> ledgers = new ArrayList<>();
  private final List<Entry.Lag> lags = new ArrayList<>();

  /// By the provider events that they were made of, each in the order of its partition.
  private final Map<String, List<Entry.Fact>> facts = new HashMap<>();

  void fact(String sourceEvent, Entry.Fact fact) {
    facts.computeIfAbsent(sourceEvent, _ -> new ArrayList<>()).add(fact);
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
  /// was said before it, and counts for itself unless it came first. Which came first is known of
  /// what lies in one partition; of the rest, that it counted once at least.
  private void effects(String group, List<Violation> found) {
    Set<String> ignored = IGNORED.getOrDefault(group, Set.of());
    var certain = new TreeMap<Integer, Long>();
    var possible = new TreeMap<Integer, Long>();
    long once = 0;
    for (List<Entry.Fact> event : facts.values()) {
      Map<String, List<Entry.Fact>> ids =
          event.stream()
              .filter(fact -> !ignored.contains(fact.type()))
              .collect(groupingBy(Entry.Fact::id));
      boolean inOrder = event.stream().map(Entry.Fact::partition).distinct().count() == 1;
      for (List<Entry.Fact> of : ids.values()) {
        of.stream()
            .collect(groupingBy(Entry.Fact::partition))
            .forEach((partition, records) ->
                (inOrder ? certain : possible).merge(partition, rises(records), Long::sum));
      }
      once += inOrder || ids.isEmpty() ? 0 : 1;
    }
    long least = certain.values().stream().mapToLong(Long::longValue).sum() + once;
    long applied = 0;
    for (Entry.Ledger ledger : ledgers) {
      if (!ledger.group().equals(group) || !ledger.topic().equals(FACTS)) {
        continue;
      }
      applied += ledger.applied();
      long sure = certain.getOrDefault(ledger.partition(), 0L);
      long most = sure + possible.getOrDefault(ledger.partition(), 0L);
      if (ledger.applied() < sure || ledger.applied() > most) {
        found.add(
            new Violation(
                "conservation",
                place(group, FACTS, ledger.partition()),
                "applied " + ledger.applied() + ", and not " + range(sure, most)));
      }
    }
    if (applied < least) {
      found.add(
          new Violation(
              "conservation", group, "applied " + applied + ", and not " + least + " at least"));
    }
    long unwanted =
        facts.values().stream()
            .flatMap(List::stream)
            .filter(fact -> ignored.contains(fact.type()))
            .count();
    long all = facts.values().stream().mapToLong(List::size).sum();
    String expected = unwanted + " ignored of " + all;
    String actual =
        sum(group, Entry.Ledger::ignored)
            + " ignored of "
            + sum(group, ledger -> ledger.next() - ledger.gaps());
    if (!expected.equals(actual)) {
      found.add(
          new Violation("conservation", group, "counted " + actual + ", and not " + expected));
    }
  }

  /// How often one of these, in their order, is better than all before it.
  private static long rises(List<Entry.Fact> records) {
    long rises = 0;
    Entry.Fact best = null;
    for (Entry.Fact fact : records) {
      if (best == null
          || PaymentFact.outranks(
              fact.translation(), fact.lookUp(), best.translation(), best.lookUp())) {
        best = fact;
        rises++;
      }
    }
    return rises;
  }

  private static String range(long least, long most) {
    return least == most ? Long.toString(least) : least + " to " + most;
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
