package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.order.RefundRequest;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import dev.quittance.messaging.jdbc.StatementPipeline;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
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

  private static final String END =
      "UPDATE refund_requests SET outcome = ?, refund = ? WHERE order_id = ? AND key = ?";

  private static final String ERASE_NOTES =
      "UPDATE refund_requests SET note = NULL WHERE order_id = ? AND note IS NOT NULL";

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

  public RefundRequests(DataSource database, Clock clock) {
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
    Sql.update(
        database,
        INSERT,
        Parameters.none()
            .text(order.value())
            .text(order.value())
            .text(key)
            .instant(clock.instant())
            .text(by)
            .text(amount)
            .text(reason)
            .text(note == null ? null : note.replace("\u0000", ""))
            .text(Audit.BEGUN));
  }

  /// Writes down what came of it.
  ///
  /// @param refund the provider's id of it, where it took it
  public void end(OrderId order, String key, String outcome, @Nullable String refund)
      throws SQLException {
    Sql.update(
        database, END, Parameters.none().text(outcome).text(refund).text(order.value()).text(key));
  }

  /// The earliest first.
  ///
  /// @param personal what may be seen of them
  public List<RefundRequest> of(OrderId order, PersonalData personal) throws SQLException {
    return Sql.query(
        database,
        OF_ORDER,
        Parameters.none().text(order.value()).number(SHOWN_MAX),
        row ->
            personal.in(
                new RefundRequest(
                    row.getTimestamp(1).toInstant(),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7))));
  }

  /// Erases what [RefundRequest#forgotten()] leaves out.
  static void eraseNotes(StatementPipeline transaction, OrderId order) throws SQLException {
    transaction.write(ERASE_NOTES, Parameters.none().text(order.value()));
  }
}
