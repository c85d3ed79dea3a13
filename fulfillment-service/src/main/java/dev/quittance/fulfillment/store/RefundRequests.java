package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.order.RefundRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The refunds that were asked for by the console, with what was written to them: the provider
/// keeps the note, and shows it to nobody here.
@ApplicationScoped
public class RefundRequests {

  /// The order's row is locked against an erasure at the same time, which takes the notes along.
  private static final String INSERT =
      """
      WITH known AS (SELECT erased_at FROM orders WHERE id = ? FOR SHARE)
      INSERT INTO refund_requests (order_id, key, at, by_whom, amount, reason, note, outcome)
      SELECT ?, ?, ?, ?, ?, ?, CASE WHEN known.erased_at IS NULL THEN ?::text END, ?
        FROM known
      ON CONFLICT (order_id, key) DO NOTHING
      """;

  private static final String OF_ORDER =
      """
      SELECT at, by_whom, amount, reason, note, outcome, refund
        FROM refund_requests
       WHERE order_id = ?
       ORDER BY at, key
       LIMIT ?
      """;

  /// More than anybody asks for of one order.
  private static final int SHOWN_MAX = 100;

  private final DataSource database;
  private final Clock clock;

  RefundRequests(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Writes down what is about to be asked for; a repeated key is the same request.
  ///
  /// @param amount in words
  /// @throws SQLException when it can't be written: then it mustn't be asked for
  public void begin(
      OrderId order, String key, String by, String amount, String reason, @Nullable String note)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, order.value());
      statement.setString(2, order.value());
      statement.setString(3, key);
      statement.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
      statement.setString(5, by);
      statement.setString(6, amount);
      statement.setString(7, reason);
      statement.setString(8, note == null ? null : note.replace("\u0000", ""));
      statement.setString(9, Audit.BEGUN);
      statement.executeUpdate();
    }
  }

  /// Writes down what came of it.
  ///
  /// @param refund the provider's id of it, where it took it
  public void end(OrderId order, String key, String outcome, @Nullable String refund)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE refund_requests SET outcome = ?, refund = ? WHERE order_id = ? AND key = ?")) {
      statement.setString(1, outcome);
      statement.setString(2, refund);
      statement.setString(3, order.value());
      statement.setString(4, key);
      statement.executeUpdate();
    }
  }

  /// The earliest first.
  ///
  /// @param personal what may be seen of them
  public List<RefundRequest> of(OrderId order, PersonalData personal) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(OF_ORDER)) {
      statement.setString(1, order.value());
      statement.setInt(2, SHOWN_MAX);
      var requests = new ArrayList<RefundRequest>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          requests.add(
              personal.in(
                  new RefundRequest(
                      rows.getObject(1, OffsetDateTime.class).toInstant(),
                      rows.getString(2),
                      rows.getString(3),
                      rows.getString(4),
                      rows.getString(5),
                      rows.getString(6),
                      rows.getString(7))));
        }
      }
      return requests;
    }
  }

  /// Forgets what [RefundRequest#forgotten()] leaves out.
  static void forget(Connection transaction, OrderId order) throws SQLException {
    try (PreparedStatement statement =
        transaction.prepareStatement(
            "UPDATE refund_requests SET note = NULL WHERE order_id = ? AND note IS NOT NULL")) {
      statement.setString(1, order.value());
      statement.executeUpdate();
    }
  }
}
