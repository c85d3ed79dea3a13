package dev.quittance.simulation;

import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.contracts.SourceEventState;
import dev.quittance.simulation.Database.Transaction;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// How both consumers' stores claim facts and withdrawals: the provider events are locked in the
/// order of their ids, what is said of each is merged, and what doesn't count any more goes.
final class Claims {

  private Claims() {}

  /// @param changed gets the orders that facts were added to or taken from
  /// @return how many of the messages said something new
  static int take(
      Transaction transaction,
      List<PaymentMessage> messages,
      Set<String> changed,
      Set<Flaw> flaws) {
    var sources = new TreeSet<String>();
    for (PaymentMessage message : messages) {
      switch (message) {
        case PaymentMessage.Fact(var fact) -> sources.add(fact.id().sourceEvent());
        case PaymentMessage.Withdrawal withdrawal -> sources.add(withdrawal.sourceEvent());
        case PaymentMessage.Foreign() -> {}
      }
    }
    sources.forEach(source -> transaction.lock(key(source)));
    int news = 0;
    for (PaymentMessage message : messages) {
      boolean isNews =
          switch (message) {
            case PaymentMessage.Fact(var fact) -> fact(transaction, fact, changed, flaws);
            case PaymentMessage.Withdrawal withdrawal ->
                !flaws.contains(Flaw.WITHDRAWALS_ARE_IGNORED)
                    && said(transaction, withdrawal.sourceEvent(), withdrawal.state(), changed);
            case PaymentMessage.Foreign() -> false;
          };
      news += isNews ? 1 : 0;
    }
    return news;
  }

  private static boolean fact(
      Transaction transaction, PaymentFact fact, Set<String> changed, Set<Flaw> flaws) {
    String source = fact.id().sourceEvent();
    said(transaction, source, SourceEventState.ofFact(fact.translation(), fact.lookUp()), changed);
    PaymentFact old = transaction.get("fact/" + fact.id(), PaymentFact.class);
    boolean better =
        old == null
            || (flaws.contains(Flaw.ANSWERS_ARE_TAKEN_FOR_REPETITIONS)
                ? fact.translation() > old.translation()
                : fact.outranks(old));
    if (!state(transaction, source).counts(fact.translation(), fact.lookUp()) || !better) {
      return false;
    }
    transaction.put("fact/" + fact.id(), fact);
    changed.add(fact.event().about().order().value());
    return true;
  }

  /// @return whether it changes what is known of the event
  private static boolean said(
      Transaction transaction, String source, SourceEventState news, Set<String> changed) {
    SourceEventState before = state(transaction, source);
    SourceEventState now = before.merge(news);
    if (now.equals(before)) {
      return false;
    }
    transaction.put(key(source), now);
    transaction
        .scan("fact/" + source + ":", PaymentFact.class)
        .forEach((key, fact) -> {
          if (!now.counts(fact.translation(), fact.lookUp())) {
            transaction.remove(key);
            changed.add(fact.event().about().order().value());
          }
        });
    return true;
  }

  private static SourceEventState state(Transaction transaction, String source) {
    SourceEventState state = transaction.get(key(source), SourceEventState.class);
    return state == null ? SourceEventState.NOTHING : state;
  }

  private static String key(String source) {
    return "source/" + source;
  }
}
