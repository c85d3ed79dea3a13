package dev.quittance.receipts.store;

import dev.quittance.contracts.Reason;
import dev.quittance.receipts.receipt.ReceiptId;
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

/// Each sending of a receipt, for people to look at: the first one, and one more each time that
/// somebody had it sent again.
public final class Sendings {

  /// A resending's row says who asked for it, and what had become of the sending before.
  private static final String OF_RECEIPT =
      """
      SELECT sending.n, ended.was, ended.was_recipient, ended.was_attempts, ended.was_sent_at,
             ended.was_reason_code, ended.was_reason_message, ended.message_id, asked.by, asked.at
        FROM (SELECT edition AS n FROM receipt_resends WHERE receipt_id = ? UNION SELECT 1) AS sending
        JOIN receipt_resends AS ended ON ended.receipt_id = ? AND ended.edition = sending.n + 1
        LEFT JOIN receipt_resends AS asked ON asked.receipt_id = ended.receipt_id AND asked.edition = sending.n
      UNION ALL
      SELECT receipt.edition, receipt.status, receipt.recipient, receipt.attempts, receipt.sent_at,
             receipt.reason_code, receipt.reason_message, receipt.message_id, asked.by, asked.at
        FROM receipts AS receipt
        LEFT JOIN receipt_resends AS asked
          ON asked.receipt_id = receipt.id AND asked.edition = receipt.edition
       WHERE receipt.id = ?
       ORDER BY 1
       LIMIT ?
      """;

  /// Nobody wants a receipt oftener.
  private static final int LISTED_MAX = 1_000;

  private final DataSource database;

  public Sendings(DataSource database) {
    this.database = database;
  }

  /// One sending.
  ///
  /// @param number 1 for the first
  /// @param status what became of it; of the last one, how it stands
  /// @param to masked
  /// @param reason the mail server's words, when it didn't take it, or not yet
  /// @param askedBy who had it sent again; null for what went out by itself
  public record Sending(
      int number,
      String status,
      @Nullable String to,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable String messageId,
      @Nullable Reason reason,
      @Nullable String askedBy,
      @Nullable Instant askedAt) {}

  /// The sendings of a receipt, the first one first; none when there is no such receipt.
  ///
  /// @throws DatabaseAway when the database doesn't answer
  public List<Sending> of(ReceiptId id) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(OF_RECEIPT)) {
      statement.setString(1, id.value());
      statement.setString(2, id.value());
      statement.setString(3, id.value());
      statement.setInt(4, LISTED_MAX);
      var sendings = new ArrayList<Sending>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sendings.add(sending(row));
        }
      }
      return sendings;
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  private static Sending sending(ResultSet row) throws SQLException {
    String code = row.getString(6);
    return new Sending(
        row.getInt(1),
        row.getString(2),
        // masked already where it was written down by a resending: one letter stays one letter
        Resends.masked(row.getString(3)),
        row.getInt(4),
        instant(row, 5),
        row.getString(8),
        code == null ? null : new Reason(code, row.getString(7)),
        row.getString(9),
        instant(row, 10));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
