package dev.quittance.receipts.persistence;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PersonalDataErasure;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.receipt.CodeMail;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.ReceiptSummary;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is known of some orders, whose locks the caller holds: all that their mails follow from.
///
/// @param facts none of an order without any
/// @param receipts how their receipts stand
/// @param erasures when their customers were erased
/// @param openCodes their mails with codes that still wait for facts
public record KnownReceipts(
    Map<OrderId, List<PaymentFact>> facts,
    Map<OrderId, Map<ReceiptKey, ReceiptSummary>> receipts,
    Map<OrderId, Instant> erasures,
    List<CodeMail> openCodes) {

  /// Locks what it reads, until the transaction ends.
  private static final String MAILS =
      """
      SELECT %s, items
        FROM mails
       WHERE order_id IN (SELECT unnest(?::text[])) AND (kind <> 'code' OR %s)
       ORDER BY id
         FOR UPDATE
      """
          .formatted(ReceiptRepository.SUMMARY, CodeRepository.OPEN);

  /// Asked for, and not answered yet.
  ///
  /// @param orders all of them
  public record Asked(
      Set<OrderId> orders,
      StatementPipeline.Answer<FactStore.OfOrder> facts,
      List<ReceiptRepository.Entry> receipts,
      List<CodeMail> openCodes) {

    /// The answer, which is sent for with what waits to be sent.
    public KnownReceipts answer() throws SQLException {
      var ofOrders = new HashMap<OrderId, List<PaymentFact>>();
      var erasures = new HashMap<OrderId, Instant>();
      for (FactStore.OfOrder row : facts.rows()) {
        if (row.fact() != null) {
          ofOrders.computeIfAbsent(row.order(), _ -> new ArrayList<>()).add(row.fact());
        }
        if (row.erased() != null) {
          erasures.put(row.order(), row.erased());
        }
      }
      return new KnownReceipts(
          ofOrders, ReceiptRepository.summaries(receipts), erasures, openCodes);
    }
  }

  /// Asks for all of it.
  public static Asked ask(StatementPipeline exchange, Collection<OrderId> orders)
      throws SQLException {
    StatementPipeline.Answer<FactStore.OfOrder> facts = FactStore.ask(exchange, orders);
    var receipts = new ArrayList<ReceiptRepository.Entry>();
    var openCodes = new ArrayList<CodeMail>();
    exchange.ask(
        MAILS,
        Parameters.texts(orders),
        row ->
            row.getString(2).equals(Columns.CODE)
                ? openCodes.add(CodeRepository.mail(row, 1, 3, 12))
                : receipts.add(ReceiptRepository.entry(row)));
    return new Asked(Set.copyOf(orders), facts, receipts, openCodes);
  }

  /// Asks for all of it, and waits for the answer.
  public static KnownReceipts of(StatementPipeline exchange, Collection<OrderId> orders)
      throws SQLException {
    return ask(exchange, orders).answer();
  }

  /// The same, with facts that are being stored.
  public KnownReceipts with(List<ReceivedFact> added) {
    var all = new HashMap<OrderId, List<PaymentFact>>();
    facts.forEach((order, of) -> all.put(order, new ArrayList<>(of)));
    for (ReceivedFact received : added) {
      PaymentFact fact = received.fact();
      all.computeIfAbsent(received.order(), _ -> new ArrayList<>())
          .add(erased().contains(received.order()) ? PersonalDataErasure.in(fact) : fact);
    }
    return new KnownReceipts(all, receipts, erasures, openCodes);
  }

  /// The orders whose customers were erased.
  public Set<OrderId> erased() {
    return erasures.keySet();
  }
}
