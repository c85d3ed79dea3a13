package dev.quittance.receipts.intake;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.receipts.receipt.CodeLetter;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.ReceiptPlan;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.receipt.Standing;
import dev.quittance.receipts.receipt.SupportedAmounts;
import dev.quittance.receipts.store.Book;
import dev.quittance.receipts.store.Codes;
import dev.quittance.receipts.store.Erasure;
import dev.quittance.receipts.store.Facts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Brings the letters of orders into line with what is known of them. The caller holds the orders'
/// locks.
final class OrderPlanner {

  private final ReceiptPolicy policy;
  private final Clock clock;

  OrderPlanner(ReceiptPolicy policy, Clock clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /// @param origins what brings the change about, as far as that is known
  /// @return the orders of which anything changed that is sent or shown
  Set<OrderId> plan(
      Connection transaction, Collection<OrderId> orders, Map<OrderId, Origin> origins)
      throws SQLException {
    Map<OrderId, List<PaymentFact>> facts = Facts.of(transaction, orders);
    Instant now = clock.instant();
    Set<OrderId> changed = receipts(transaction, orders, facts, origins, now);
    codes(transaction, orders, facts, now);
    return changed;
  }

  private Set<OrderId> receipts(
      Connection transaction,
      Collection<OrderId> orders,
      Map<OrderId, List<PaymentFact>> facts,
      Map<OrderId, Origin> origins,
      Instant now)
      throws SQLException {
    Map<OrderId, Map<ReceiptKey, Standing>> standings = Book.standings(transaction, orders);
    Set<OrderId> erased = Erasure.erased(transaction, orders);
    var written = new ArrayList<Receipt>();
    var withdrawn = new ArrayList<ReceiptKey>();
    var sent = new ArrayList<ReceiptKey>();
    var supported = new HashMap<ReceiptKey, Money>();
    var changed = new HashSet<OrderId>();
    for (OrderId order : orders) {
      ReceiptPlan plan =
          ReceiptPlan.of(
              facts.getOrDefault(order, List.of()),
              standings.getOrDefault(order, Map.of()),
              erased.contains(order),
              policy,
              now);
      written.addAll(plan.written());
      withdrawn.addAll(plan.withdrawn());
      Map<ReceiptKey, Standing> existing = standings.getOrDefault(order, Map.of());
      Map<ReceiptKey, Money> differing =
          SupportedAmounts.differing(facts.getOrDefault(order, List.of()), existing);
      supported.putAll(differing);
      existing.forEach((key, standing) -> {
        if (standing.underWayOrSent()) {
          sent.add(key);
        }
      });
      if (!plan.withdrawn().isEmpty()
          || plan.written().stream().anyMatch(receipt -> isNews(receipt, existing))) {
        changed.add(order);
      }
    }
    changed.addAll(Book.support(transaction, sent, supported));
    Book.withdraw(transaction, withdrawn);
    Book.write(transaction, written, origins);
    return changed;
  }

  /// An untouched receipt is written again with each plan, whether it says something else or not.
  private static boolean isNews(Receipt receipt, Map<ReceiptKey, Standing> existing) {
    Standing known = existing.get(receipt.key());
    return known == null
        || known.status() != receipt.status()
        || !known.amount().equals(amount(receipt, known));
  }

  private static Money amount(Receipt receipt, Standing otherwise) {
    return switch (receipt) {
      case Receipt.Waiting waiting -> waiting.amount();
      case Receipt.Due due -> due.draft().content().amount();
      case Receipt.Skipped skipped -> skipped.amount();
      case Receipt.Sending _, Receipt.Sent _, Receipt.Retrying _, Receipt.Undeliverable _ ->
          otherwise.amount();
    };
  }

  private void codes(
      Connection transaction,
      Collection<OrderId> orders,
      Map<OrderId, List<PaymentFact>> facts,
      Instant now)
      throws SQLException {
    var turns = new HashMap<CodeLetter, CodeLetter.Turn>();
    for (CodeLetter letter : Codes.open(transaction, orders)) {
      turns.put(letter, letter.turn(facts.getOrDefault(letter.order(), List.of()), policy));
    }
    Codes.write(transaction, turns, now);
  }
}
