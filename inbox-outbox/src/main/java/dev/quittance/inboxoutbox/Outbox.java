package dev.quittance.inboxoutbox;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/// The outbox: what a transaction wants to be published once it is committed, and never otherwise.
public final class Outbox {

  /// Each shard has one relay at a time. Eight keep two brokers busy and cost eight connections.
  public static final int SHARDS = 8;

  private static final String APPEND =
      """
      INSERT INTO outbox (shard, order_id, sequence, topic, headers, value)
      SELECT shard, order_id, sequence, topic, headers, value
        FROM unnest(?::smallint[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bytea[])
             WITH ORDINALITY AS row (shard, order_id, sequence, topic, headers, value, n)
       ORDER BY n
      """;

  private Outbox() {}

  /// Adds rows to a transaction: one statement, however many rows.
  public static void append(Connection transaction, List<OutboxRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = transaction.prepareStatement(APPEND)) {
      statement.setArray(
          1, array(transaction, "int2", rows.stream().map(row -> (short) shard(row.order()))));
      statement.setArray(
          2, array(transaction, "text", rows.stream().map(row -> row.order().value())));
      statement.setArray(3, array(transaction, "int8", rows.stream().map(OutboxRow::sequence)));
      statement.setArray(4, array(transaction, "text", rows.stream().map(OutboxRow::topic)));
      statement.setArray(
          5,
          array(
              transaction,
              "text",
              rows.stream()
                  .map(
                      row -> new String(WireFormat.write(row.headers()), StandardCharsets.UTF_8))));
      statement.setArray(
          6,
          transaction.createArrayOf(
              "bytea", rows.stream().map(OutboxRow::value).toArray(byte[][]::new)));
      statement.executeUpdate();
    }
  }

  /// The shard of an order: the same in every process and version, since `String.hashCode` is
  /// specified.
  static int shard(OrderId order) {
    return Math.floorMod(order.value().hashCode(), SHARDS);
  }

  private static Array array(Connection transaction, String type, Stream<?> values)
      throws SQLException {
    return transaction.createArrayOf(type, values.toArray());
  }
}
