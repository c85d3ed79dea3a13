package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The canonical events that an order rests on, with the way that each came. Their data is
/// personal.
@ApplicationScoped
public class Evidence {

  private static final String OF_ORDER =
      """
      SELECT event_id, source_event, type, translation, occurred_at, received_at, recorded_at, origin, data
        FROM payment_facts
       WHERE order_id = ?
       ORDER BY recorded_at, event_id
       LIMIT ?
      """;

  private final DataSource database;

  Evidence(DataSource database) {
    this.database = database;
  }

  /// One canonical event.
  ///
  /// @param sourceEvent the key of the provider's event on the verbatim topic
  /// @param occurredAt by the provider's clock
  /// @param receivedAt when the edge had it; null of events from before this was kept
  /// @param recordedAt when it counted here
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Item(
      String eventId,
      String sourceEvent,
      String type,
      int translation,
      Instant occurredAt,
      @Nullable Instant receivedAt,
      Instant recordedAt,
      String origin,
      byte[] data) {

    @Override
    public String toString() {
      return "Item[" + eventId + "]";
    }
  }

  /// The earliest first.
  ///
  /// @throws SQLException when the database doesn't answer
  public List<Item> of(OrderId order, int limit) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(OF_ORDER)) {
      statement.setString(1, order.value());
      statement.setInt(2, limit);
      var items = new ArrayList<Item>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          OffsetDateTime received = rows.getObject(6, OffsetDateTime.class);
          items.add(
              new Item(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getInt(4),
                  rows.getObject(5, OffsetDateTime.class).toInstant(),
                  received == null ? null : received.toInstant(),
                  rows.getObject(7, OffsetDateTime.class).toInstant(),
                  rows.getString(8),
                  rows.getBytes(9)));
        }
      }
      return items;
    }
  }

  /// Whether anything rests on a webhook that a provider delivered.
  ///
  /// @throws SQLException when the database doesn't answer
  public boolean ofWebhooks() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT EXISTS (SELECT 1 FROM payment_facts WHERE origin = 'webhook')");
        ResultSet row = statement.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  /// Whether the order's customer was erased: then nothing may bring them back.
  ///
  /// @throws SQLException when the database doesn't answer
  public boolean erased(OrderId order) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT erased_at IS NOT NULL FROM orders WHERE id = ?")) {
      statement.setString(1, order.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
