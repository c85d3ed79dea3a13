package dev.quittance.receipts.persistence;

import dev.quittance.contracts.Reason;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.receipts.receipt.ReceiptId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Each sending of a receipt, for people to look at: the first one, and one more each time that
/// somebody had it sent again.
public final class Sendings {

  /// A resending's row says who asked for it, and what had become of the sending before.
  private static final String OF_RECEIPT =
      """
      WITH resent AS (SELECT * FROM mail_actions WHERE mail_id = ? AND action = 'resend')
      SELECT ended.edition - 1, ended.was, ended.was_recipient, ended.was_attempts, ended.was_sent_at,
             ended.was_reason_code, ended.was_reason_message, ended.message_id, asked.by, asked.at
        FROM resent AS ended
        LEFT JOIN resent AS asked ON asked.edition = ended.edition - 1
      UNION ALL
      SELECT mail.edition, mail.status, mail.recipient, mail.attempts, mail.sent_at,
             mail.reason_code, mail.reason_message, mail.message_id, asked.by, asked.at
        FROM mails AS mail
        LEFT JOIN resent AS asked ON asked.edition = mail.edition
       WHERE mail.id = ?
       ORDER BY 1
       LIMIT ?
      """;

  /// Nobody wants a receipt oftener.
  private static final int LISTED_MAX = 1_000;

  private final Database database;

  public Sendings(Database database) {
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
  /// @throws DatabaseUnavailable when the database doesn't answer
  public List<Sending> of(ReceiptId id) {
    return database.query(
        OF_RECEIPT,
        Parameters.none().text(id.value()).text(id.value()).number(LISTED_MAX),
        Sendings::sending);
  }

  private static Sending sending(ResultSet row) throws SQLException {
    String code = row.getString(6);
    return new Sending(
        row.getInt(1),
        row.getString(2),
        // masked already where it was written down by a resending: one character stays one
        // character
        Columns.masked(row.getString(3)),
        row.getInt(4),
        Columns.instantOrNull(row, 5),
        row.getString(8),
        code == null ? null : new Reason(code, row.getString(7)),
        row.getString(9),
        Columns.instantOrNull(row, 10));
  }
}
