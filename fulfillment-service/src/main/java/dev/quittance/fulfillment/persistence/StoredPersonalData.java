package dev.quittance.fulfillment.persistence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PersonalDataErasure;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Tracking;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What is stored of a customer beside the order's facts and state: in commands, events, first
/// answers and refund requests.
final class StoredPersonalData {

  private StoredPersonalData() {}

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Row(String key, byte[] data) {}

  /// Erases the customer of an order whose row is locked.
  static void erase(StatementPipeline transaction, OrderId order) throws SQLException {
    rewrite(
        transaction, order, "commands", "command_id", "type", "data", StoredPersonalData::command);
    rewrite(
        transaction,
        order,
        "order_events",
        "sequence",
        "type",
        "detail",
        StoredPersonalData::detail);
    rewrite(
        transaction, order, "idempotency_keys", "key", "''", "body", StoredPersonalData::answer);
    RefundRequests.eraseNotes(transaction, order);
  }

  private static void command(String type, ObjectNode command) {
    FulfillmentCommand read = WireFormat.mapper().convertValue(command, CommandRow.shape(type));
    command.removeAll();
    command.setAll((ObjectNode) WireFormat.mapper().valueToTree(PersonalDataErasure.in(read)));
  }

  private static void detail(String type, ObjectNode detail) {
    mask(detail, PersonalData.MASKED);
  }

  /// Leaves of the detail of an event what may be seen of it.
  static void mask(ObjectNode detail, PersonalData personal) {
    if (detail.get("reason") instanceof ObjectNode reason) {
      Reason read = WireFormat.mapper().convertValue(reason, Reason.class);
      detail.set("reason", WireFormat.mapper().valueToTree(personal.in(read)));
    }
    if (detail.get("tracking") instanceof ObjectNode tracking) {
      Tracking read = WireFormat.mapper().convertValue(tracking, Tracking.class);
      detail.set("tracking", WireFormat.mapper().valueToTree(personal.in(read)));
    }
  }

  /// A first answer is given again as it was, but for the customer.
  private static void answer(String type, ObjectNode answer) {
    if (answer.get("order") instanceof ObjectNode order) {
      answer.set("order", forgotten(order));
      mask(answer, PersonalData.MASKED);
    } else if (answer.has("lineItems")) {
      JsonNode order = forgotten(answer);
      answer.removeAll();
      answer.setAll((ObjectNode) order);
    }
  }

  private static JsonNode forgotten(ObjectNode order) {
    OrderView view =
        WireFormat.read(order.toString().getBytes(StandardCharsets.UTF_8), OrderView.class);
    return WireFormat.mapper().valueToTree(PersonalDataErasure.in(view));
  }

  private static void rewrite(
      StatementPipeline transaction,
      OrderId order,
      String table,
      String key,
      String type,
      String column,
      BiConsumer<String, ObjectNode> forget)
      throws SQLException {
    String select =
        "SELECT %s, %s, %s FROM %s WHERE order_id = ?".formatted(key, type, column, table);
    List<Row> rows = rows(transaction, order, select, forget);
    if (!rows.isEmpty()) {
      transaction.write(
          """
          UPDATE %s SET %s = clean.data
            FROM unnest(?::text[], ?::bytea[]) AS clean (key, data)
           WHERE order_id = ? AND %s::text = clean.key
          """
              .formatted(table, column, table + "." + key),
          Parameters.none().rows(rows).text(Row::key).bytes(Row::data).end().text(order.value()));
    }
  }

  /// The rows that hold something to forget, without it.
  private static List<Row> rows(
      StatementPipeline transaction,
      OrderId order,
      String select,
      BiConsumer<String, ObjectNode> forget)
      throws SQLException {
    List<Optional<Row>> read =
        transaction
            .ask(select, Parameters.none().text(order.value()), row -> clean(row, forget))
            .rows();
    return read.stream().flatMap(Optional::stream).toList();
  }

  private static Optional<Row> clean(ResultSet stored, BiConsumer<String, ObjectNode> forget)
      throws SQLException {
    byte[] before = stored.getBytes(3);
    if (before.length == 0
        || !(WireFormat.read(before, JsonNode.class) instanceof ObjectNode json)) {
      return Optional.empty();
    }
    forget.accept(stored.getString(2), json);
    byte[] after = WireFormat.write(json);
    return Arrays.equals(before, after)
        ? Optional.empty()
        : Optional.of(new Row(stored.getString(1), after));
  }
}
