package dev.quittance.receipts.persistence;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PersonalDataErasure;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Forgets customers. What stays of an order is what the books need: numbers, amounts, dates and
/// what was sold; what goes of facts and receipts says [PersonalDataErasure]. Whoever erases holds
/// the orders' locks.
public final class Erasure {

  private static final String CODE = "deliveredCode";

  private static final String ERASE =
      """
      UPDATE orders AS o
         SET erased_at = gone.at
        FROM unnest(?::text[], ?::timestamptz[]) AS gone (id, at)
       WHERE o.id = gone.id AND o.erased_at IS NULL
      RETURNING o.id
      """;

  private static final String ERASED_ONES =
      """
      SELECT id, erased_at
        FROM orders WHERE id IN (SELECT unnest(?::text[])) AND erased_at IS NOT NULL
      """;

  private static final String FACTS =
      "SELECT event_id, data, type FROM payment_facts WHERE order_id = ANY (?)";

  private static final String SCRUB_FACTS =
      """
      UPDATE payment_facts AS fact
         SET data = clean.data::json
        FROM unnest(?::text[], ?::text[]) AS clean (id, data)
       WHERE fact.event_id = clean.id
      """;

  private static final String CONTENTS =
      "SELECT id, content FROM mails WHERE order_id = ANY (?) AND kind <> 'code' AND content IS NOT NULL";

  private static final String SCRUB_CONTENTS =
      """
      UPDATE mails AS receipt
         SET content = clean.data::json
        FROM unnest(?::text[], ?::text[]) AS clean (id, data)
       WHERE receipt.id = clean.id
      """;

  /// A mail that is under way right now can't be called back: if the mail server takes it, it
  /// counts as sent. Of a code nothing is kept, since it is in no books.
  private static final String SCRUB_MAILS =
      """
      UPDATE mails
         SET recipient = NULL, code = NULL, reason_message = NULL, lease_owner = NULL,
             content = CASE WHEN kind = 'code' THEN NULL ELSE content END,
             reason_code = CASE WHEN status IN ('sent', 'undeliverable') THEN reason_code ELSE 'erased' END,
             status = CASE WHEN status IN ('sent', 'undeliverable') THEN status ELSE 'skipped' END
       WHERE order_id = ANY (?)
      """;

  private static final String SCRUB_ACTIONS =
      """
      UPDATE mail_actions AS action
         SET recipient = NULL, was_recipient = NULL, was_reason_message = NULL, request = NULL, idempotency_key = NULL
        FROM mails AS mail
       WHERE mail.id = action.mail_id AND mail.order_id = ANY (?)
      """;

  private Erasure() {}

  /// Forgets the customers of some orders, and all that is known of them here.
  ///
  /// @return the orders of which that is news
  public static Set<OrderId> erase(StatementPipeline exchange, Map<OrderId, Instant> gone)
      throws SQLException {
    Set<OrderId> fresh = gone.isEmpty() ? new HashSet<>() : mark(exchange, gone);
    if (fresh.isEmpty()) {
      return fresh;
    }
    rewrite(
        exchange,
        FACTS,
        SCRUB_FACTS,
        fresh,
        row -> forgotten(FactStore.event(row.getString(3), row.getString(2))));
    rewrite(exchange, CONTENTS, SCRUB_CONTENTS, fresh, row -> forgotten(row.getString(2)));
    exchange.write(SCRUB_MAILS, Parameters.texts(fresh));
    exchange.write(SCRUB_ACTIONS, Parameters.texts(fresh));
    return fresh;
  }

  /// Asks which of some orders belong to erased customers, and when they were erased.
  static StatementPipeline.Answer<Map.Entry<OrderId, Instant>> ask(
      StatementPipeline exchange, Collection<OrderId> orders) throws SQLException {
    return exchange.ask(
        ERASED_ONES,
        Parameters.texts(orders),
        row -> Map.entry(new OrderId(row.getString(1)), row.getTimestamp(2).toInstant()));
  }

  /// The same, at once.
  static Set<OrderId> erased(StatementPipeline exchange, Collection<OrderId> orders)
      throws SQLException {
    return ask(exchange, orders).rows().stream().map(Map.Entry::getKey).collect(toSet());
  }

  /// What a fact says without what says who somebody is, as it is stored.
  static String forgotten(PaymentEvent event) {
    return Columns.json(PersonalDataErasure.in(event));
  }

  /// The same of what a receipt says. What can't be read, as after a roll-back, can't be kept.
  private static String forgotten(String content) {
    try {
      return Columns.json(Columns.read(content, ReceiptContent.class).forgotten());
    } catch (UnreadableEvent e) {
      return "{}";
    }
  }

  /// A fact without the codes that a provider delivered itself: no receipt says them, so they
  /// aren't kept.
  static String withoutCodes(String json) {
    if (!json.contains(CODE)) {
      return json;
    }
    JsonNode fact = Columns.read(json, JsonNode.class);
    for (JsonNode line : fact.findParents(CODE)) {
      if (line instanceof ObjectNode object) {
        object.remove(CODE);
      }
    }
    return Columns.json(fact);
  }

  private static Set<OrderId> mark(StatementPipeline exchange, Map<OrderId, Instant> gone)
      throws SQLException {
    return new HashSet<>(
        exchange
            .ask(
                ERASE,
                Parameters.none()
                    .rows(gone.entrySet())
                    .text(Map.Entry::getKey)
                    .instants(Map.Entry::getValue)
                    .end(),
                row -> new OrderId(row.getString(1)))
            .rows());
  }

  /// What is left of a row.
  private interface Left {
    String of(ResultSet row) throws SQLException;
  }

  private static void rewrite(
      StatementPipeline exchange, String read, String write, Collection<OrderId> orders, Left left)
      throws SQLException {
    List<Map.Entry<String, String>> rows =
        exchange
            .ask(read, Parameters.texts(orders), row -> Map.entry(row.getString(1), left.of(row)))
            .rows();
    if (!rows.isEmpty()) {
      exchange.write(
          write,
          Parameters.none().rows(rows).text(Map.Entry::getKey).words(Map.Entry::getValue).end());
    }
  }
}
