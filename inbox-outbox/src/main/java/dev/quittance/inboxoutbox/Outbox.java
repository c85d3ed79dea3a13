package dev.quittance.inboxoutbox;

import dev.quittance.contracts.OrderId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/// The outbox: what a transaction wants to be published once it is committed, and never otherwise.
public final class Outbox {

  /// What relays share among them: at most so many work beside each other. One is enough for
  /// thousands of rows a second.
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

  /// Adds rows to a transaction: one statement, however many rows. An array of objects would be
  /// sent as one escaped text; arrays of their type go as they are.
  public static void append(Connection transaction, List<OutboxRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = transaction.prepareStatement(APPEND)) {
      Stream<Short> shards = rows.stream().map(row -> (short) shard(row.order()));
      Stream<String> orders = rows.stream().map(row -> row.order().value());
      Stream<Long> sequences = rows.stream().map(OutboxRow::sequence);
      Stream<String> topics = rows.stream().map(OutboxRow::topic);
      Stream<String> headers = rows.stream().map(row -> Headers.write(row.headers()));
      Stream<byte[]> values = rows.stream().map(OutboxRow::value);
      statement.setArray(1, transaction.createArrayOf("int2", shards.toArray(Short[]::new)));
      statement.setArray(2, transaction.createArrayOf("text", orders.toArray(String[]::new)));
      statement.setArray(3, transaction.createArrayOf("int8", sequences.toArray(Long[]::new)));
      statement.setArray(4, transaction.createArrayOf("text", topics.toArray(String[]::new)));
      statement.setArray(5, transaction.createArrayOf("text", headers.toArray(String[]::new)));
      statement.setArray(6, transaction.createArrayOf("bytea", values.toArray(byte[][]::new)));
      statement.executeUpdate();
    }
  }

  /// The shard of an order: the same in every process and version, since `String.hashCode` is
  /// specified.
  static int shard(OrderId order) {
    return Math.floorMod(order.value().hashCode(), SHARDS);
  }
}
