package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.jdbc.StatementPipeline.Answer;
import dev.quittance.messaging.outbox.CurrentStates;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;

/// The orders whose state is to be published on [Topic#FULFILLMENT_ORDERS]: a mark for each change,
/// set in the transaction that changes ([OrderRow]), and the state as it stands when it is read.
@Singleton
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

  static final String TABLE = "states_due";

  @Override
  public String table() {
    return TABLE;
  }

  @Override
  public Answer<Due> read(StatementPipeline session, int most, Collection<String> except)
      throws SQLException {
    return session.ask(READ, Parameters.texts(except).number(most), DueStates::state);
  }

  /// Its sequence is that of the last event that it holds: who starts from the state goes on with
  /// the next.
  private static Due state(ResultSet row) throws SQLException {
    var order = new OrderId(row.getString(1));
    byte[] view = row.getBytes(7);
    CloudEvent event =
        OrderRepository.cloudEvent(
            order,
            new EventId(order + "@" + row.getLong(3)),
            row.getLong(4),
            OrderView.TYPE,
            row.getTimestamp(5).toInstant(),
            row.getString(6),
            view);
    return new Due(
        order,
        Topic.FULFILLMENT_ORDERS.topicName(),
        event.headers(),
        view,
        Arrays.asList((Long[]) row.getArray(2).getArray()));
  }

  @Override
  public void delete(StatementPipeline session, Collection<Due> published) throws SQLException {
    session.write(
        DELETE,
        Parameters.none()
            .rows(published.stream().flatMap(state -> state.due().stream()).toList())
            .longs(id -> id)
            .end());
  }
}
