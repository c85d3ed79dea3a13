package dev.quittance.fulfillment.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Forgetting;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Who and when a customer was erased; and the erasing of what is stored beside the order's facts
/// and state: what commands, told events and first answers hold of them.
///
/// @param at by our clock
/// @param by who asked for it
record Erasure(Instant at, String by) {

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Row(String key, byte[] data) {}

  /// Rewrites what is stored about an order whose row is locked.
  static void scrub(Connection transaction, OrderId order) throws SQLException {
    rewrite(transaction, order, "commands", "command_id", "data", Erasure::command);
    rewrite(transaction, order, "order_events", "sequence", "detail", Erasure::detail);
    rewrite(transaction, order, "idempotency_keys", "key", "body", Erasure::answer);
  }

  /// Reasons are in somebody's own words, and a tracking number leads to an address.
  private static void command(ObjectNode command) {
    command.remove(List.of("reason", "deliveredCode"));
    untrack(command);
  }

  private static void detail(ObjectNode detail) {
    if (detail.get("reason") instanceof ObjectNode reason) {
      reason.remove("message");
    }
    untrack(detail);
  }

  /// A first answer is given again as it was, but for the customer.
  private static void answer(ObjectNode answer) {
    if (answer.get("order") instanceof ObjectNode order) {
      answer.set("order", forgotten(order));
      untrack(answer);
    } else if (answer.has("lineItems")) {
      JsonNode order = forgotten(answer);
      answer.removeAll();
      answer.setAll((ObjectNode) order);
    }
  }

  private static JsonNode forgotten(ObjectNode order) {
    OrderView view =
        WireFormat.read(order.toString().getBytes(StandardCharsets.UTF_8), OrderView.class);
    return WireFormat.mapper().valueToTree(Forgetting.in(view));
  }

  private static void untrack(ObjectNode holder) {
    if (holder.get("tracking") instanceof ObjectNode tracking) {
      tracking.remove("number");
    }
  }

  private static void rewrite(
      Connection transaction,
      OrderId order,
      String table,
      String key,
      String column,
      Consumer<ObjectNode> forget)
      throws SQLException {
    String select = "SELECT %s, %s FROM %s WHERE order_id = ?".formatted(key, column, table);
    List<Row> rows = rows(transaction, order, select, forget);
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        transaction.prepareStatement(
            """
            UPDATE %s SET %s = clean.data
              FROM unnest(?::text[], ?::bytea[]) AS clean (key, data)
             WHERE order_id = ? AND %s::text = clean.key
            """
                .formatted(table, column, table + "." + key))) {
      new Columns<>(transaction, statement, rows).text(Row::key).bytes(Row::data);
      statement.setString(3, order.value());
      statement.executeUpdate();
    }
  }

  /// The rows that hold something to forget, without it.
  private static List<Row> rows(
      Connection transaction, OrderId order, String select, Consumer<ObjectNode> forget)
      throws SQLException {
    var rows = new ArrayList<Row>();
    try (PreparedStatement statement = transaction.prepareStatement(select)) {
      statement.setString(1, order.value());
      try (ResultSet stored = statement.executeQuery()) {
        while (stored.next()) {
          byte[] before = stored.getBytes(2);
          if (before.length > 0
              && WireFormat.read(before, JsonNode.class) instanceof ObjectNode json) {
            forget.accept(json);
            byte[] after = WireFormat.write(json);
            if (!Arrays.equals(before, after)) {
              rows.add(new Row(stored.getString(1), after));
            }
          }
        }
      }
    }
    return rows;
  }
}
