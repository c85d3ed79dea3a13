package dev.quittance.chaos.check;

import dev.quittance.chaos.history.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds a history to the promises: whatever was accepted has its effect, once, and nothing else
/// has any. Reads entries in the order of their file; the order matters only within a topic.
public final class Checker {

  private final List<Entry.Sent> sent = new ArrayList<>();
  private final Map<String, List<Entry.Accepted>> accepted = new HashMap<>();
  private final Set<String> verbatim = new HashSet<>();
  private final Map<String, Set<String>> facts = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private final Orders orders = new Orders();
  private final Receipts receipts = new Receipts();
  private final ConservationCheck books = new ConservationCheck();
  private final Silences silences = new Silences();

  /// Takes one entry in.
  public void read(Entry entry) {
    switch (entry) {
      case Entry.Sent event -> sent.add(event);
      case Entry.Accepted event -> {
        String key = event.endpoint() + ":" + event.event();
        accepted.computeIfAbsent(key, _ -> new ArrayList<>()).add(event);
        silences.accepted(key, event.at());
      }
      case Entry.Answered event ->
          violate("answers", event.endpoint() + ":" + event.event(), "answered " + event.status());
      case Entry.Verbatim found -> verbatim.add(found.key() + " " + found.sha256());
      case Entry.Fact fact -> {
        facts.computeIfAbsent(source(fact.id()), _ -> new HashSet<>()).add(fact.order());
        silences.told(source(fact.id()), fact.at());
        books.fact(source(fact.id()), fact);
        receipts.fact(fact);
      }
      case Entry.Erased one -> {
        orders.erased(one);
        receipts.erased(one);
      }
      case Entry.Commanded command -> orders.commanded(command);
      case Entry.Told told -> orders.told(told);
      case Entry.State state -> orders.state(state);
      case Entry.Receipt receipt -> receipts.listed(receipt);
      case Entry.ReceiptTold told -> receipts.told(told);
      case Entry.Unsupported wrong -> receipts.unsupported(wrong);
      case Entry.Mailed mail -> receipts.mailed(mail);
      case Entry.Bounced bounce -> receipts.bounced(bounce);
      case Entry.Faulted fault -> {
        receipts.faulted(fault);
        silences.faulted(fault);
      }
      case Entry.Restarted _ -> {}
      case Entry.Dead dead ->
          violate("dead letters", dead.topic(), dead.key() + " because " + dead.reason());
      case Entry.Ledger ledger -> books.ledger(ledger);
      case Entry.Lag lag -> books.lag(lag);
      case Entry.Unsettled work ->
          violate("drained", work.work(), work.count() + " were still to be done");
    }
  }

  /// Everything that must not be; empty when all promises were kept.
  public List<Violation> violations() {
    Map<String, Fold> folds = Fold.of(sent);
    var found = new ArrayList<>(violations);
    safe(found);
    found.addAll(silences.violations(sent));
    found.addAll(orders.violations(folds, silences.ordersWithoutItems(sent)));
    found.addAll(receipts.violations(folds));
    found.addAll(books.violations());
    return found;
  }

  /// What the run amounted to, for the table at its end.
  public Summary summary() {
    return new Summary(
        Fold.of(sent).size(),
        sent.size(),
        accepted.values().stream().mapToLong(List::size).sum(),
        orders.requested(),
        orders.erasures(),
        orders.commands(),
        orders.repeated(),
        receipts.mails(),
        receipts.doubles());
  }

  /// @param acceptances answers of 2xx, repetitions included
  /// @param requested distinct requests to fulfill
  /// @param erased orders whose customer was erased
  /// @param commands those that were taken: orders shipped, held and let go
  /// @param repeatedRecords fulfillment events that are in their topic more than once
  /// @param doubledMails mails that were sent again under the same Message-ID
  public record Summary(
      int orders,
      int events,
      long acceptances,
      long requested,
      long erased,
      long commands,
      long repeatedRecords,
      long mails,
      long doubledMails) {}

  private void safe(List<Violation> found) {
    var known = new HashSet<String>();
    for (Entry.Sent event : sent) {
      String key = event.endpoint() + ":" + event.event();
      known.add(key);
      List<Entry.Accepted> acceptances = accepted.getOrDefault(key, List.of());
      if (acceptances.isEmpty()) {
        found.add(new Violation("accepted in the end", key, event.type() + " never got a 2xx"));
        continue;
      }
      for (Entry.Accepted acceptance : acceptances) {
        if (!verbatim.contains(key + " " + acceptance.sha256())) {
          found.add(new Violation("durable", key, event.type() + " got a 2xx and is in no topic"));
        }
      }
      String order = Fold.orderOf(event);
      Set<String> translated = facts.getOrDefault(key, Set.of());
      if (!translated.equals(order == null ? Set.of() : Set.of(order))) {
        found.add(
            new Violation(
                "translated",
                key,
                event.type() + " became facts of " + translated + ", not " + order));
      }
    }
    for (String source : facts.keySet()) {
      if (!known.contains(source)) {
        found.add(new Violation("nothing invented", source, "facts of an event that nobody sent"));
      }
    }
  }

  /// `{endpoint}:{event}` out of `{endpoint}:{event}:{n}`.
  private static String source(String factId) {
    return factId.substring(0, factId.lastIndexOf(':'));
  }

  private void violate(String law, String about, String words) {
    violations.add(new Violation(law, about, words));
  }
}
