package dev.quittance.inboxoutbox;

import dev.quittance.contracts.OrderId;
import java.sql.SQLException;
import java.util.List;

/// The outbox: what a transaction wants to be published once it is committed, and never otherwise.
public final class Outbox {

  /// What relays share among them: at most so many work beside each other. One is enough for
  /// thousands of rows a second.
  public static final int SHARDS = 8;

  private static final String APPEND =
      """
      INSERT INTO outbox (shard, order_id, sequence, topic, headers, value)
      SELECT shard, order_id, sequence, topic, headers, value
        FROM unnest(?::int[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bytea[])
             WITH ORDINALITY AS row (shard, order_id, sequence, topic, headers, value, n)
       ORDER BY n
      """;

  private Outbox() {}

  /// Adds rows to a transaction: one statement, however many rows.
  public static void append(Exchange exchange, List<OutboxRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    exchange.write(
        APPEND,
        Parameters.none()
            .rows(rows)
            .ints(row -> shard(row.order()))
            .text(OutboxRow::order)
            .longs(OutboxRow::sequence)
            .text(OutboxRow::topic)
            .text(row -> Headers.write(row.headers()))
            .bytes(OutboxRow::value)
            .end());
  }

  /// The shard of an order: the same in every process and version, since `String.hashCode` is
  /// specified.
  static int shard(OrderId order) {
    return Math.floorMod(order.value().hashCode(), SHARDS);
  }
}
