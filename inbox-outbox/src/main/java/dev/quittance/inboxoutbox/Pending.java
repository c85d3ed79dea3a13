package dev.quittance.inboxoutbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A row of the outbox that waits to be published.
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Pending(long id, String order, String topic, String headers, byte[] value) {

  /// Enough to fill the producer's batches; few enough that a failure repeats little.
  static final int ROWS_MAX = 500;

  private static final String ROWS = "SELECT id, order_id, topic, headers, value FROM outbox";

  private static final String IN_ORDER = " ORDER BY order_id, sequence, id LIMIT " + ROWS_MAX;

  private static final String NEXT =
      ROWS + " WHERE order_id <> ALL (?) AND shard = ANY (?)" + IN_ORDER;

  private static final String OF = ROWS + " WHERE order_id = ANY (?)" + IN_ORDER;

  /// Reads the next rows of these shards, whosever they are. There is no cursor: a row that was
  /// committed late is found like any other.
  static List<Pending> next(
      Connection connection, Collection<Integer> shards, Collection<String> except)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
      statement.setArray(1, texts(connection, except));
      statement.setArray(2, connection.createArrayOf("int2", shards.toArray(Integer[]::new)));
      return read(statement);
    }
  }

  /// Reads all rows of these orders. It is as good as reading whatever there is, because only the
  /// rows of one order have an order among themselves, and cheaper: what was published long since
  /// lies in the index until it is vacuumed.
  static List<Pending> of(Connection connection, Collection<String> orders) throws SQLException {
    if (orders.isEmpty()) {
      return List.of();
    }
    try (PreparedStatement statement = connection.prepareStatement(OF)) {
      statement.setArray(1, texts(connection, orders));
      return read(statement);
    }
  }

  private static Array texts(Connection connection, Collection<String> orders) throws SQLException {
    return connection.createArrayOf("text", orders.toArray(String[]::new));
  }

  private static List<Pending> read(PreparedStatement statement) throws SQLException {
    var pending = new ArrayList<Pending>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        pending.add(
            new Pending(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getBytes(5)));
      }
    }
    return pending;
  }

  /// Deletes rows that were acknowledged.
  static void delete(Connection connection, List<Pending> rows) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM outbox WHERE id = ANY (?)")) {
      statement.setArray(
          1, connection.createArrayOf("int8", rows.stream().map(Pending::id).toArray(Long[]::new)));
      statement.executeUpdate();
    }
  }

  /// The rows of each order, orders and rows in the order given.
  static List<List<Pending>> byOrder(List<Pending> rows) {
    var byOrder = new LinkedHashMap<String, List<Pending>>();
    rows.forEach(row -> byOrder.computeIfAbsent(row.order, _ -> new ArrayList<>()).add(row));
    return List.copyOf(byOrder.values());
  }

  /// Whose rows they are.
  static Set<String> orders(List<Pending> rows) {
    return rows.stream().map(Pending::order).collect(Collectors.toSet());
  }

  /// The row as it goes to the brokers.
  ProducerRecord<byte[], byte[]> toRecord() {
    return Headers.record(topic, order, Headers.read(headers), value);
  }

  @Override
  public String toString() {
    return "Pending[" + id + ", " + order + " → " + topic + "]";
  }
}
