package dev.quittance.receipts.intake;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.inboxoutbox.Exchange;
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
import dev.quittance.receipts.store.Known;
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

  /// @param known all that is known of the orders
  /// @param origins what brings the change about, as far as that is known
  /// @return the orders of which anything changed that is sent or shown
  Set<OrderId> plan(
      Exchange exchange, Collection<OrderId> orders, Known known, Map<OrderId, Origin> origins)
      throws SQLException {
    Instant now = clock.instant();
    codes(exchange, known, now);
    return receipts(exchange, orders, known, origins, now);
  }

  private Set<OrderId> receipts(
      Exchange exchange,
      Collection<OrderId> orders,
      Known known,
      Map<OrderId, Origin> origins,
      Instant now)
      throws SQLException {
    var written = new ArrayList<Receipt>();
    var withdrawn = new ArrayList<ReceiptKey>();
    var sent = new ArrayList<ReceiptKey>();
    var supported = new HashMap<ReceiptKey, Money>();
    var changed = new HashSet<OrderId>();
    for (OrderId order : orders) {
      List<PaymentFact> facts = known.facts().getOrDefault(order, List.of());
      Map<ReceiptKey, Standing> existing = known.standings().getOrDefault(order, Map.of());
      ReceiptPlan plan =
          ReceiptPlan.of(facts, existing, known.erased().contains(order), policy, now);
      written.addAll(plan.written());
      withdrawn.addAll(plan.withdrawn());
      supported.putAll(SupportedAmounts.differing(facts, existing));
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
    if (!sent.isEmpty()) {
      changed.addAll(Book.support(exchange, sent, supported).rows());
    }
    Book.withdraw(exchange, withdrawn);
    Book.write(exchange, written, origins);
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

  private void codes(Exchange exchange, Known known, Instant now) throws SQLException {
    var turns = new HashMap<CodeLetter, CodeLetter.Turn>();
    for (CodeLetter letter : known.open()) {
      turns.put(letter, letter.turn(known.facts().getOrDefault(letter.order(), List.of()), policy));
    }
    Codes.write(exchange, turns, now);
  }
}
