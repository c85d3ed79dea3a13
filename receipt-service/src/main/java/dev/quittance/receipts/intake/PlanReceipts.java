package dev.quittance.receipts.intake;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toSet;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.persistence.CodeRepository;
import dev.quittance.receipts.persistence.KnownReceipts;
import dev.quittance.receipts.persistence.ReceiptRepository;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.CodeMail;
import dev.quittance.receipts.receipt.DirectDispatch;
import dev.quittance.receipts.receipt.Grant;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.ReceiptPlan;
import dev.quittance.receipts.receipt.ReceiptPolicy;
import dev.quittance.receipts.receipt.ReceiptSummary;
import dev.quittance.receipts.receipt.SupportedAmounts;
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
import org.jspecify.annotations.Nullable;

/// Brings the mails of orders into line with what is known of them. The caller holds the orders'
/// locks.
final class PlanReceipts {

  private final ReceiptPolicy policy;
  private final Clock clock;

  PlanReceipts(ReceiptPolicy policy, Clock clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /// What was planned, once it is committed.
  ///
  /// @param changed the orders of which anything changed that is sent or shown
  /// @param claimed the mails that go at once; they are there when the transaction ends
  /// @param waiting whether mails wait in the table and may go now
  record Planned(Set<OrderId> changed, List<ClaimedMail> claimed, boolean waiting) {

    static final Planned NOTHING = new Planned(Set.of(), List.of(), false);

    /// Says so to whoever sends them.
    void dispatch(DirectDispatch dispatch) {
      if (!claimed.isEmpty()) {
        dispatch.take(claimed);
      }
      if (waiting) {
        dispatch.wake();
      }
    }
  }

  /// @param known all that is known of the orders, and maybe of others
  /// @param origins what brings the change about, as far as that is known
  /// @param grant how many receipts may be claimed as they are written
  Planned plan(
      StatementPipeline exchange,
      Collection<OrderId> orders,
      KnownReceipts known,
      Map<OrderId, Origin> origins,
      Grant grant)
      throws SQLException {
    Instant now = clock.instant();
    boolean codesWait = codes(exchange, orders, known, now);
    // a customer sits and waits for each code: no receipt takes its place
    Planned receipts =
        receipts(exchange, orders, known, origins, codesWait ? Grant.NONE : grant, now);
    return new Planned(receipts.changed, receipts.claimed, codesWait || receipts.waiting);
  }

  private Planned receipts(
      StatementPipeline exchange,
      Collection<OrderId> orders,
      KnownReceipts known,
      Map<OrderId, Origin> origins,
      Grant grant,
      Instant now)
      throws SQLException {
    var written = new ArrayList<Receipt>();
    var withdrawn = new ArrayList<ReceiptKey>();
    var sent = new ArrayList<ReceiptKey>();
    var supported = new HashMap<ReceiptKey, Money>();
    var changed = new HashSet<OrderId>();
    for (OrderId order : orders) {
      List<PaymentFact> facts = known.facts().getOrDefault(order, List.of());
      Map<ReceiptKey, ReceiptSummary> existing = known.receipts().getOrDefault(order, Map.of());
      ReceiptPlan plan =
          ReceiptPlan.of(facts, existing, known.erased().contains(order), policy, now);
      written.addAll(plan.written());
      withdrawn.addAll(plan.withdrawn());
      supported.putAll(SupportedAmounts.differing(facts, existing));
      existing.forEach((key, summary) -> {
        if (summary.underWayOrSent()) {
          sent.add(key);
        }
      });
      if (!plan.withdrawn().isEmpty()
          || plan.written().stream().anyMatch(receipt -> isNews(receipt, existing))) {
        changed.add(order);
      }
    }
    if (!sent.isEmpty()) {
      changed.addAll(ReceiptRepository.support(exchange, sent, supported).rows());
    }
    ReceiptRepository.withdraw(exchange, withdrawn);
    List<Receipt.Due> due = due(written, now);
    Set<ReceiptKey> atOnce =
        due.stream()
            .map(Receipt.Due::key)
            .filter(
                key -> isUntouched(known.receipts().getOrDefault(key.order(), Map.of()).get(key)))
            .limit(grant.mails())
            .collect(toSet());
    List<ClaimedMail> claimed = ReceiptRepository.write(exchange, written, atOnce, grant, origins);
    return new Planned(changed, claimed, atOnce.size() < due.size());
  }

  /// Those that may go now, in the order in which they are claimed from the table.
  private static List<Receipt.Due> due(List<Receipt> written, Instant now) {
    return written.stream()
        .filter(Receipt.Due.class::isInstance)
        .map(Receipt.Due.class::cast)
        .filter(due -> !due.since().isAfter(now))
        .sorted(comparing(Receipt.Due::since).thenComparing(due -> due.key().id()))
        .toList();
  }

  /// What was skipped may have a number, and then it stays as it is.
  private static boolean isUntouched(@Nullable ReceiptSummary known) {
    return known == null || known.status().untouched();
  }

  /// An untouched receipt is written again with each plan, whether it says something else or not.
  private static boolean isNews(Receipt receipt, Map<ReceiptKey, ReceiptSummary> existing) {
    ReceiptSummary known = existing.get(receipt.key());
    return known == null
        || known.status() != receipt.status()
        || !known.amount().equals(receipt.amount());
  }

  /// @return whether any may be sent now
  private boolean codes(
      StatementPipeline exchange, Collection<OrderId> orders, KnownReceipts known, Instant now)
      throws SQLException {
    var turns = new HashMap<CodeMail, CodeMail.Turn>();
    for (CodeMail code : known.openCodes()) {
      if (orders.contains(code.order())) {
        turns.put(code, code.turn(known.facts().getOrDefault(code.order(), List.of()), policy));
      }
    }
    CodeRepository.write(exchange, turns, now);
    return turns.values().stream().anyMatch(CodeMail.Turn.Ready.class::isInstance);
  }
}
