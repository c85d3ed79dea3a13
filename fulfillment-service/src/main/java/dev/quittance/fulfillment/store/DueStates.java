package dev.quittance.fulfillment.store;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.Topic;
import dev.quittance.inboxoutbox.CurrentStates;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The orders whose state is to be published on [Topic#FULFILLMENT_ORDERS]: a mark for each change,
/// set in the transaction that changes ([Changes]), and the state as it stands when it is read.
public final class DueStates implements CurrentStates {

  /// One statement and so one moment: the state holds no event that is still in the outbox.
  private static final String READ =
      """
      WITH due AS (
        SELECT order_id, array_agg(id) AS ids, (array_agg(traceparent ORDER BY id DESC))[1] AS traceparent
          FROM (SELECT id, order_id, traceparent
                  FROM states_due
                 WHERE order_id <> ALL (?)
                   AND NOT EXISTS (SELECT FROM outbox WHERE outbox.order_id = states_due.order_id)
                 ORDER BY id
                 LIMIT ?) AS first
         GROUP BY order_id)
      SELECT id, ids, version, sequence, updated_at, traceparent, view
        FROM due JOIN orders ON orders.id = due.order_id
       ORDER BY id
      """;

  private static final String DELETE = "DELETE FROM states_due WHERE id = ANY (?)";

  private static final String ANY = "SELECT EXISTS (SELECT FROM states_due)";

  private static final String WAITING =
      """
      SELECT (SELECT count(*) FROM (SELECT FROM states_due LIMIT ?) AS counted), (SELECT min(created_at) FROM states_due)
      """;

  private static final String OLDEST =
      "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) FROM states_due";

  @Override
  public List<Due> read(Connection connection, int most, Collection<String> except)
      throws SQLException {
    return new Exchange(connection)
        .ask(READ, Parameters.texts(except).number(most), DueStates::state)
        .rows();
  }

  private static Due state(ResultSet row) throws SQLException {
    return state(
        new OrderId(row.getString(1)),
        numbers(row.getArray(2)),
        row.getLong(3),
        row.getLong(4),
        row.getTimestamp(5).toInstant(),
        row.getString(6),
        row.getBytes(7));
  }

  private static List<Long> numbers(Array array) throws SQLException {
    return Arrays.asList((Long[]) array.getArray());
  }

  /// @param sequence of the last event that it holds: who starts from the state goes on with the
  ///   next
  private static Due state(
      OrderId order,
      List<Long> due,
      long version,
      long sequence,
      Instant at,
      @Nullable String traceparent,
      byte[] view) {
    var event =
        new CloudEvent(
            new EventId(order + "@" + version),
            Changes.SOURCE,
            OrderView.TYPE,
            order,
            at,
            CloudEvent.Origin.WEBHOOK,
            0,
            sequence,
            traceparent,
            view);
    return new Due(order, Topic.FULFILLMENT_ORDERS.topicName(), event.headers(), view, due);
  }

  @Override
  public void delete(Connection connection, Collection<Due> published) throws SQLException {
    var exchange = new Exchange(connection);
    exchange.write(
        DELETE,
        Parameters.none()
            .rows(published.stream().flatMap(state -> state.due().stream()).toList())
            .longs(id -> id)
            .end());
    exchange.send();
  }

  @Override
  public boolean anyDue(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ANY);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /// How long the oldest change has been waiting; zero when there is none.
  static Duration oldestAge(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OLDEST);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return Duration.ofMillis((long) (row.getDouble(1) * 1000));
    }
  }

  /// How many changes wait, and since when.
  record Waiting(long changes, @Nullable Instant oldestAt) {}

  /// @param most counted
  static Waiting waiting(Connection connection, int most) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WAITING)) {
      statement.setInt(1, most);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        OffsetDateTime oldest = row.getObject(2, OffsetDateTime.class);
        return new Waiting(row.getLong(1), oldest == null ? null : oldest.toInstant());
      }
    }
  }
}
