package dev.quittance.chaos.check;

import dev.quittance.chaos.history.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What became of receipts, and which mails went out.
final class Receipts {

  /// What an acceptance that was cut off needs to be noticed and to be repeated by.
  private static final long WINDOW_MS = 3_000;

  /// So long a refund that may be none waits for the capture that says so (`TOTALS_SETTLE`).
  private static final long SETTLE_MS = 10_000;

  private static final String REFUND = "dev.quittance.payment.refund_updated.v1";
  private static final String TOTAL = "dev.quittance.payment.refund_total_updated.v1";

  /// After these nobody can know whether the server took a letter: our process, our commit or the
  /// server's answer was lost. A relay's session (`end-session`) has no part in it.
  private static final Set<String> KILLS =
      Set.of("kill", "kill-several", "stop", "overtake", "no-database");

  private static final Set<String> LOST_COMMITS =
      Set.of("kill", "kill-several", "stop", "term", "cut", "half-open");
  private static final Set<String> LOST_ANSWERS = Set.of("cut", "half-open", "mail-away");

  private final Map<String, List<Entry.Receipt>> byOrder = new HashMap<>();
  private final Map<String, Set<String>> told = new HashMap<>();
  private final Map<String, Long> unsupported = new HashMap<>();
  private final Map<String, List<Entry.Mailed>> mails = new HashMap<>();
  private final Map<String, Long> refundHeard = new HashMap<>();
  private final Map<String, Long> totalHeard = new HashMap<>();
  private final Set<String> bounced = new HashSet<>();
  private final Set<String> erased = new HashSet<>();
  private final List<Entry.Faulted> faults = new ArrayList<>();

  void listed(Entry.Receipt receipt) {
    byOrder.computeIfAbsent(receipt.order(), _ -> new ArrayList<>()).add(receipt);
  }

  void fact(Entry.Fact fact) {
    if (fact.type().equals(REFUND)) {
      refundHeard.merge(fact.order(), fact.at(), Math::min);
    } else if (fact.type().equals(TOTAL)) {
      totalHeard.merge(fact.order(), fact.at(), Math::max);
    }
  }

  void told(Entry.ReceiptTold event) {
    String what = event.type().contains(".sent.") ? "sent" : "undeliverable";
    told.computeIfAbsent(event.receipt(), _ -> new HashSet<>()).add(what);
  }

  void unsupported(Entry.Unsupported receipt) {
    unsupported.put(receipt.receipt(), receipt.supported());
  }

  void mailed(Entry.Mailed mail) {
    mails.computeIfAbsent(mail.messageId(), _ -> new ArrayList<>()).add(mail);
  }

  void bounced(Entry.Bounced bounce) {
    bounced.add(bounce.to());
  }

  void erased(Entry.Erased one) {
    erased.add(one.order());
  }

  void faulted(Entry.Faulted fault) {
    faults.add(fault);
  }

  long mails() {
    return mails.values().stream().mapToLong(List::size).sum();
  }

  long doubles() {
    return mails() - mails.size();
  }

  List<Violation> violations(Map<String, Fold> folds) {
    var found = new ArrayList<Violation>();
    var ours = new HashSet<String>();
    var undeliverableTo = new HashSet<String>();
    var skippedTo = new HashSet<String>();
    var numbers = new HashSet<String>();
    folds.forEach((order, fold) -> {
      List<Entry.Receipt> receipts = byOrder.getOrDefault(order, List.of());
      counted(fold, receipts, found);
      for (Entry.Receipt receipt : receipts) {
        if (receipt.number() != null && !numbers.add(receipt.number())) {
          found.add(
              new Violation(
                  "receipt numbers", receipt.id(), receipt.number() + " was given twice"));
        }
        settled(fold, receipt, found);
        // without the address nobody can send it any more
        if (receipt.addressed() && erased.contains(order)) {
          found.add(new Violation("erased", receipt.id(), "says to whom it goes"));
        }
        if (receipt.messageId() != null) {
          ours.add(receipt.messageId());
        }
        if (receipt.status().equals("undeliverable") && fold.email() != null) {
          undeliverableTo.add(fold.email());
        }
        if (receipt.status().equals("skipped") && erased.contains(order) && fold.email() != null) {
          skippedTo.add(fold.email());
        }
      }
    });
    byOrder.keySet().stream()
        .filter(order -> !folds.containsKey(order))
        .forEach(order ->
            found.add(new Violation("nothing invented", order, "receipts of an unknown order")));
    mails.forEach((id, letters) -> {
      Entry.Mailed last = letters.getLast();
      // a letter whose acceptance was lost may have been refused when it came again, and if its
      // customer was erased meanwhile it never came again
      if (!ours.contains(id)
          && !undeliverableTo.contains(last.to())
          && !(skippedTo.contains(last.to()) && excused(last))) {
        found.add(new Violation("receipt once", id, "a mail that belongs to no receipt"));
      }
      doubled(id, letters, found);
    });
    return found;
  }

  private void counted(Fold fold, List<Entry.Receipt> receipts, List<Violation> found) {
    long payments = of("payment", receipts).size();
    if (fold.bounced() ? payments > 1 : payments != (fold.payable() ? 1 : 0)) {
      found.add(
          new Violation("receipt once", fold.order(), payments + " receipts for the payment"));
    }
    takenBack(fold, receipts, found);
    for (Entry.Receipt receipt : of("payment", receipts)) {
      if (receipt.amount() != fold.received() && !saidBeforeMoreCameIn(fold, receipt)) {
        found.add(
            new Violation(
                "receipt amount", receipt.id(), receipt.amount() + " and not " + fold.received()));
      }
    }
    for (Entry.Receipt receipt : receipts) {
      Long supported = unsupported.get(receipt.id());
      if (supported != null
          && !saidBeforeMoreCameIn(fold, receipt)
          && !saidBeforeTheCapture(fold, receipt)) {
        found.add(
            new Violation(
                "receipts listed as wrong",
                receipt.id(),
                receipt.amount() + ", and " + supported + " would be right"));
      }
    }
    List<Entry.Receipt> refunds =
        of("refund", receipts).stream()
            .filter(receipt -> !unsaid(fold, receipt) && !saidBeforeTheCapture(fold, receipt))
            .toList();
    List<Entry.Receipt> corrections =
        of("correction", receipts).stream().filter(correction -> !ofBounce(correction)).toList();
    long sum = sum(refunds) - sum(corrections);
    if (fold.payable() && sum != fold.refunded()) {
      found.add(
          new Violation(
              "refund receipts", fold.order(), "sum up to " + sum + ", not " + fold.refunded()));
    }
    if (!fold.totalTold()) {
      single(fold, refunds, corrections, found);
    }
  }

  /// A payment that bounced after its receipt went out has one correction of that amount; no other
  /// payment has any.
  private static void takenBack(Fold fold, List<Entry.Receipt> receipts, List<Violation> found) {
    List<Entry.Receipt> sent =
        of("payment", receipts).stream()
            .filter(receipt -> fold.bounced() && receipt.status().equals("sent"))
            .toList();
    List<Entry.Receipt> corrections =
        of("correction", receipts).stream().filter(Receipts::ofBounce).toList();
    if (corrections.size() != sent.size() || sum(corrections) != sum(sent)) {
      found.add(
          new Violation(
              "receipt taken back",
              fold.order(),
              corrections.size() + " corrections of " + sent.size() + " receipts that went out"));
    }
  }

  private static boolean ofBounce(Entry.Receipt correction) {
    return correction.subject().startsWith("bounced:");
  }

  /// Of a refund that went back nothing has to be taken back that was said to nobody.
  private boolean unsaid(Fold fold, Entry.Receipt receipt) {
    Fold.Refund refund = fold.refunds().get(receipt.subject());
    return erased.contains(fold.order())
        && receipt.status().equals("skipped")
        && refund != null
        && !refund.status().equals("succeeded");
  }

  /// What is let go looks like a refund until the capture is heard of. Its receipt waits for that,
  /// and not for ever: when the capture comes later yet, an operator is shown that it was none.
  private boolean saidBeforeTheCapture(Fold fold, Entry.Receipt receipt) {
    long mailed =
        mails.getOrDefault(receipt.messageId(), List.of()).stream()
            .mapToLong(Entry.Mailed::at)
            .min()
            .orElse(0);
    return fold.isRelease(receipt.subject())
        && Long.valueOf(0).equals(unsupported.get(receipt.id()))
        && mailed >= refundHeard.getOrDefault(fold.order(), Long.MAX_VALUE - SETTLE_MS) + SETTLE_MS
        && mailed < totalHeard.getOrDefault(fold.order(), 0L);
  }

  /// It says what was received when it went out, and an operator is shown that more came in since;
  /// of an erased customer nobody is shown, because nobody can be told. One without a number never
  /// was on its way, and has to say what came in.
  private boolean saidBeforeMoreCameIn(Fold fold, Entry.Receipt receipt) {
    return receipt.kind().equals("payment")
        && receipt.amount() < fold.received()
        && fold.saidToBeReceived(receipt.amount())
        && (erased.contains(fold.order())
            ? receipt.number() != null
            : Long.valueOf(fold.received()).equals(unsupported.get(receipt.id())));
  }

  /// Where every refund was told singly: one receipt for each that came, one more for each that was
  /// taken back after its receipt, and none for others.
  private static void single(
      Fold fold,
      List<Entry.Receipt> refunds,
      List<Entry.Receipt> corrections,
      List<Violation> found) {
    for (Entry.Receipt receipt : refunds) {
      Fold.Refund refund = fold.refunds().get(receipt.subject());
      if (refund == null || !refund.everSucceeded() || refund.amount() != receipt.amount()) {
        found.add(
            new Violation("refund receipts", receipt.id(), "for something else than " + refund));
      }
    }
    fold.refunds()
        .forEach((id, refund) -> {
          long own = refunds.stream().filter(receipt -> receipt.subject().equals(id)).count();
          long taken = corrections.stream().filter(receipt -> receipt.subject().equals(id)).count();
          boolean right =
              refund.status().equals("succeeded")
                  ? own == (fold.payable() ? 1 : 0) && taken == 0
                  : own == taken && own <= 1;
          if (!right) {
            found.add(
                new Violation(
                    "receipt once",
                    fold.order(),
                    id + " " + refund + " has " + own + " receipts and " + taken + " corrections"));
          }
        });
  }

  private void settled(Fold fold, Entry.Receipt receipt, List<Violation> found) {
    Set<String> announced = told.getOrDefault(receipt.id(), Set.of());
    switch (receipt.status()) {
      case "sent" -> {
        List<Entry.Mailed> letters = mails.getOrDefault(receipt.messageId(), List.of());
        if (letters.isEmpty()) {
          found.add(new Violation("receipt sent", receipt.id(), "is sent and no mail went out"));
        }
        for (Entry.Mailed letter : letters) {
          if (!letter.to().equals(fold.email())) {
            found.add(new Violation("receipt sent", receipt.id(), "went to somebody else"));
          }
        }
      }
      // a relay that refuses us, whatever it says and where, ends no letter
      case "undeliverable" -> {
        if (!bounced.contains(fold.email())) {
          found.add(
              new Violation("receipt sent", receipt.id(), "is undeliverable, nobody refused it"));
        }
      }
      case "skipped" -> {
        if (!erased.contains(receipt.order())) {
          found.add(
              new Violation("receipt sent", receipt.id(), "was skipped for an unknown reason"));
        }
      }
      default ->
          found.add(new Violation("receipt sent", receipt.id(), "is still " + receipt.status()));
    }
    // nobody is told of what was skipped
    Set<String> due = receipt.status().equals("skipped") ? Set.of() : Set.of(receipt.status());
    if (!announced.equals(due)) {
      found.add(
          new Violation(
              "receipt told", receipt.id(), "is " + receipt.status() + ", told " + announced));
    }
  }

  private void doubled(String id, List<Entry.Mailed> letters, List<Violation> found) {
    for (Entry.Mailed first : letters.subList(0, letters.size() - 1)) {
      if (!excused(first)) {
        found.add(
            new Violation(
                "receipt once",
                id,
                "was sent " + letters.size() + " times and nothing was broken"));
        return;
      }
    }
  }

  /// Whether its acceptance may have been lost.
  private boolean excused(Entry.Mailed letter) {
    return faults.stream().anyMatch(fault -> excuses(fault, letter.at()));
  }

  private static boolean excuses(Entry.Faulted fault, long at) {
    return at >= fault.from() - WINDOW_MS
        && at <= fault.to() + WINDOW_MS
        && (hits(fault, "receipts", KILLS)
            || hits(fault, "database", LOST_COMMITS)
            || hits(fault, "mail", LOST_ANSWERS));
  }

  private static boolean hits(Entry.Faulted fault, String part, Set<String> kinds) {
    return fault.parts().contains(part) && kinds.contains(fault.kind());
  }

  private static List<Entry.Receipt> of(String kind, List<Entry.Receipt> receipts) {
    return receipts.stream().filter(receipt -> receipt.kind().equals(kind)).toList();
  }

  private static long sum(List<Entry.Receipt> receipts) {
    return receipts.stream().mapToLong(Entry.Receipt::amount).sum();
  }
}
