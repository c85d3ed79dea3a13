package dev.quittance.messaging.outbox;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/// The outbox: what a transaction wants to be published once it is committed, and never otherwise.
public final class Outbox {

  /// What relays share among them: at most so many work beside each other. One is enough for
  /// thousands of rows a second.
  public static final int SHARDS = 8;

  private static final String APPEND =
      """
      INSERT INTO outbox (shard, order_id, sequence, topic, headers, value)
      SELECT shard, order_id, sequence, topic, headers, value
        FROM unnest(?::text[], ?::bigint[], ?::int[], ?::text[], ?::text[], ?::bytea[])
             WITH ORDINALITY AS row (order_id, sequence, shard, topic, headers, value, n)
       ORDER BY n
      """;

  private Outbox() {}

  /// Adds rows to a transaction: one statement, however many rows.
  public static void append(StatementPipeline pipeline, List<OutboxRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    Parameters.Columns<OutboxRow> given =
        Parameters.none().rows(rows).text(OutboxRow::order).longs(OutboxRow::sequence);
    pipeline.write(APPEND, columns(given, row -> row).end());
  }

  /// Adds the columns `shard, topic, headers, value`, for a statement that appends rows together
  /// with what they announce, and gives them their sequences.
  public static <T> Parameters.Columns<T> columns(
      Parameters.Columns<T> columns, Function<T, OutboxRow> row) {
    return columns
        .ints(one -> shard(row.apply(one).order()))
        .text(one -> row.apply(one).topic())
        .text(one -> HeaderJson.write(row.apply(one).headers()))
        .bytes(one -> row.apply(one).value());
  }

  /// The shard of an order: the same in every process and version, since `String.hashCode` is
  /// specified.
  static int shard(OrderId order) {
    return Math.floorMod(order.value().hashCode(), SHARDS);
  }
}
