package dev.quittance.receipts.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Forgets customers. What stays of an order is what the books need: numbers, amounts, dates and
/// what was sold. Whoever erases holds the orders' locks.
public final class Erasure {

  private static final String CUSTOMER = "customer";
  private static final String CODE = "deliveredCode";

  /// Whatever else says who somebody is, wherever it stands in a fact or a receipt. Metadata is the
  /// shop's own and may hold anything.
  private static final List<String> PERSONAL = List.of("method", "metadata", CODE);

  private static final String ERASE =
      """
      UPDATE orders AS o
         SET erased_at = gone.at
        FROM unnest(?::text[], ?::timestamptz[]) AS gone (id, at)
       WHERE o.id = gone.id AND o.erased_at IS NULL
      RETURNING o.id
      """;

  private static final String ERASED_ONES =
      "SELECT id FROM orders WHERE id IN (SELECT unnest(?::text[])) AND erased_at IS NOT NULL";

  private static final String FACTS =
      "SELECT event_id, data FROM payment_facts WHERE order_id = ANY (?)";

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
    rewrite(transaction, FACTS, SCRUB_FACTS, fresh);
    rewrite(transaction, CONTENTS, SCRUB_CONTENTS, fresh);
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
    var erased = new HashSet<OrderId>();
    try (PreparedStatement statement = transaction.prepareStatement(ERASED_ONES)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          erased.add(new OrderId(rows.getString(1)));
        }
      }
    }
    return erased;
  }

  /// A fact or a receipt without what says who somebody is.
  static String scrubbed(String json) {
    return changed(json, Erasure::scrub);
  }

  /// A fact without the codes that a provider delivered itself: no receipt says them, so they
  /// aren't kept.
  static String withoutCodes(String json) {
    return json.contains(CODE)
        ? changed(json, tree -> tree.findParents(CODE).forEach(Erasure::removeCode))
        : json;
  }

  private static void removeCode(JsonNode line) {
    if (line instanceof ObjectNode object) {
      object.remove(CODE);
    }
  }

  private static String changed(String json, Consumer<JsonNode> change) {
    try {
      JsonNode tree = WireFormat.mapper().readTree(json);
      change.accept(tree);
      return new String(WireFormat.write(tree), StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      // what can't be read can't be kept
      return "{}";
    }
  }

  private static void scrub(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(PERSONAL);
      if (object.has(CUSTOMER)) {
        object.putObject(CUSTOMER);
      }
    }
    node.forEach(Erasure::scrub);
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

  private static void rewrite(
      Connection transaction, String read, String write, Collection<OrderId> orders)
      throws SQLException {
    record Kept(String id, String json) {}
    var rows = new ArrayList<Kept>();
    try (PreparedStatement statement = transaction.prepareStatement(read)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(new Kept(row.getString(1), scrubbed(row.getString(2))));
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
