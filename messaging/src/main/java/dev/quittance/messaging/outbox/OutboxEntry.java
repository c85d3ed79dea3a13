package dev.quittance.messaging.outbox;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
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
record OutboxEntry(long id, String order, String topic, String headers, byte[] value) {

  /// Enough to fill the producer's batches; few enough that a failure repeats little.
  static final int ROWS_MAX = 500;

  private static final String ROWS = "SELECT id, order_id, topic, headers, value FROM outbox";

  private static final String IN_ORDER = " ORDER BY order_id, sequence, id LIMIT " + ROWS_MAX;

  private static final String NEXT =
      ROWS + " WHERE order_id <> ALL (?) AND shard = ANY (?)" + IN_ORDER;

  private static final String OF = ROWS + " WHERE order_id = ANY (?)" + IN_ORDER;

  /// Asks for the next rows of these shards, whosever they are. There is no cursor: a row that was
  /// committed late is found like any other.
  static StatementPipeline.Answer<OutboxEntry> next(
      StatementPipeline session, Collection<Integer> shards, Collection<String> except)
      throws SQLException {
    Parameters which = Parameters.texts(except).rows(shards).ints(Integer::intValue).end();
    return session.ask(NEXT, which, OutboxEntry::read);
  }

  /// Asks for all rows of these orders. It is as good as reading whatever there is, because only
  /// the rows of one order have an order among themselves, and cheaper: what was published long
  /// since lies in the index until it is vacuumed.
  static StatementPipeline.Answer<OutboxEntry> of(
      StatementPipeline session, Collection<String> orders) throws SQLException {
    return session.ask(OF, Parameters.texts(orders), OutboxEntry::read);
  }

  private static OutboxEntry read(ResultSet row) throws SQLException {
    return new OutboxEntry(
        row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getBytes(5));
  }

  /// Deletes rows that were acknowledged.
  static void delete(StatementPipeline session, List<OutboxEntry> rows) throws SQLException {
    Parameters ids = Parameters.none().rows(rows).longs(OutboxEntry::id).end();
    session.write("DELETE FROM outbox WHERE id = ANY (?)", ids);
  }

  /// The rows of each order, orders and rows in the order given.
  static List<List<OutboxEntry>> byOrder(List<OutboxEntry> rows) {
    var byOrder = new LinkedHashMap<String, List<OutboxEntry>>();
    rows.forEach(row -> byOrder.computeIfAbsent(row.order, _ -> new ArrayList<>()).add(row));
    return List.copyOf(byOrder.values());
  }

  /// Whose rows they are.
  static Set<String> orders(List<OutboxEntry> rows) {
    return rows.stream().map(OutboxEntry::order).collect(Collectors.toSet());
  }

  /// The row as it goes to the brokers.
  ProducerRecord<byte[], byte[]> toRecord() {
    return HeaderJson.record(topic, order, HeaderJson.read(headers), value);
  }

  @Override
  public String toString() {
    return "OutboxEntry[" + id + ", " + order + " → " + topic + "]";
  }
}
