package dev.quittance.receipts.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Forgetting;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Forgets customers. What stays of an order is what the books need: numbers, amounts, dates and
/// what was sold; what goes of facts and receipts says [Forgetting]. Whoever erases holds the
/// orders' locks.
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
      "SELECT id, content FROM receipts WHERE order_id = ANY (?) AND content IS NOT NULL";

  private static final String SCRUB_CONTENTS =
      """
      UPDATE receipts AS receipt
         SET content = clean.data::json
        FROM unnest(?::text[], ?::text[]) AS clean (id, data)
       WHERE receipt.id = clean.id
      """;

  /// A letter that is under way right now can't be called back: if the mail server takes it, it
  /// counts as sent.
  private static final String SCRUB_RECEIPTS =
      """
      UPDATE receipts
         SET recipient = NULL, reason_message = NULL, lease_owner = NULL,
             reason_code = CASE WHEN status IN ('sent', 'undeliverable') THEN reason_code ELSE 'erased' END,
             status = CASE WHEN status IN ('sent', 'undeliverable') THEN status ELSE 'skipped' END
       WHERE order_id = ANY (?)
      """;

  private static final String SCRUB_RESENDS =
      """
      UPDATE receipt_resends AS resend
         SET recipient = '…', was_recipient = NULL, was_reason_message = NULL, request = NULL, idempotency_key = NULL
        FROM receipts AS receipt
       WHERE receipt.id = resend.receipt_id AND receipt.order_id = ANY (?)
      """;

  private static final String SCRUB_CODES =
      """
      UPDATE code_letters
         SET recipient = NULL, content = NULL, code = NULL, lease_owner = NULL,
             reason_code = CASE WHEN status IN ('sent', 'undeliverable') THEN reason_code ELSE 'erased' END,
             status = CASE WHEN status IN ('sent', 'undeliverable') THEN status ELSE 'skipped' END
       WHERE order_id = ANY (?)
      """;

  private static final String SCRUB_CODE_ACTIONS =
      """
      UPDATE code_letter_actions AS action
         SET recipient = NULL, request = NULL, idempotency_key = NULL
        FROM code_letters AS letter
       WHERE letter.id = action.letter_id AND letter.order_id = ANY (?)
      """;

  private Erasure() {}

  /// Forgets the customers of some orders, and all that is known of them here.
  ///
  /// @return the orders of which that is news
  public static Set<OrderId> erase(Connection transaction, Map<OrderId, Instant> gone)
      throws SQLException {
    Set<OrderId> fresh = mark(transaction, gone);
    if (fresh.isEmpty()) {
      return fresh;
    }
    rewrite(
        transaction,
        FACTS,
        SCRUB_FACTS,
        fresh,
        row -> forgotten(Facts.event(row.getString(3), row.getString(2))));
    rewrite(transaction, CONTENTS, SCRUB_CONTENTS, fresh, row -> forgotten(row.getString(2)));
    for (String scrub : List.of(SCRUB_RECEIPTS, SCRUB_RESENDS, SCRUB_CODES, SCRUB_CODE_ACTIONS)) {
      try (PreparedStatement statement = transaction.prepareStatement(scrub)) {
        Columns.of(transaction, statement, fresh).text(OrderId::value);
        statement.executeUpdate();
      }
    }
    return fresh;
  }

  /// Which of some orders belong to erased customers.
  public static Set<OrderId> erased(Connection transaction, Collection<OrderId> orders)
      throws SQLException {
    return erasures(transaction, orders).keySet();
  }

  /// The same, with when they were erased.
  static Map<OrderId, Instant> erasures(Connection transaction, Collection<OrderId> orders)
      throws SQLException {
    var erasures = new HashMap<OrderId, Instant>();
    try (PreparedStatement statement = transaction.prepareStatement(ERASED_ONES)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          erasures.put(new OrderId(rows.getString(1)), rows.getTimestamp(2).toInstant());
        }
      }
    }
    return erasures;
  }

  /// What a fact says without what says who somebody is, as it is stored.
  static String forgotten(PaymentEvent event) {
    return json(Forgetting.in(event));
  }

  /// The same of what a receipt says. What can't be read, as after a roll-back, can't be kept.
  private static String forgotten(String content) {
    try {
      return json(
          WireFormat.read(content.getBytes(StandardCharsets.UTF_8), ReceiptContent.class)
              .forgotten());
    } catch (UnreadableEvent e) {
      return "{}";
    }
  }

  private static String json(Object value) {
    return new String(WireFormat.write(value), StandardCharsets.UTF_8);
  }

  /// A fact without the codes that a provider delivered itself: no receipt says them, so they
  /// aren't kept.
  static String withoutCodes(String json) {
    if (!json.contains(CODE)) {
      return json;
    }
    JsonNode fact = WireFormat.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    for (JsonNode line : fact.findParents(CODE)) {
      if (line instanceof ObjectNode object) {
        object.remove(CODE);
      }
    }
    return json(fact);
  }

  private static Set<OrderId> mark(Connection transaction, Map<OrderId, Instant> gone)
      throws SQLException {
    var fresh = new HashSet<OrderId>();
    try (PreparedStatement statement = transaction.prepareStatement(ERASE)) {
      Columns.of(transaction, statement, gone.entrySet())
          .text(entry -> entry.getKey().value())
          .instants(Map.Entry::getValue);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          fresh.add(new OrderId(rows.getString(1)));
        }
      }
    }
    return fresh;
  }

  /// What is left of a row.
  private interface Left {
    String of(ResultSet row) throws SQLException;
  }

  private static void rewrite(
      Connection transaction, String read, String write, Collection<OrderId> orders, Left left)
      throws SQLException {
    record Kept(String id, String json) {}
    var rows = new ArrayList<Kept>();
    try (PreparedStatement statement = transaction.prepareStatement(read)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(new Kept(row.getString(1), left.of(row)));
        }
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = transaction.prepareStatement(write)) {
      Columns.of(transaction, statement, rows).text(Kept::id).text(Kept::json);
      statement.executeUpdate();
    }
  }
}
