package dev.quittance.receipts.persistence;

import dev.quittance.receipts.receipt.MailStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A mail as it stands, for whoever changes it by hand.
///
/// @param recipient where its last edition went, or is to go
/// @param sentAt when that edition was sent
/// @param messageId of that edition
/// @param complete whether it has all that it says
/// @param gone whether there is nothing left to send: its customer was erased, or its code is gone
/// @param firstSentAt when its first edition was sent
public record StoredMail(
    String id,
    int edition,
    MailStatus status,
    @Nullable String recipient,
    int attempts,
    @Nullable Instant sentAt,
    @Nullable String reasonCode,
    @Nullable String reasonMessage,
    @Nullable String messageId,
    boolean complete,
    boolean gone,
    @Nullable Instant firstSentAt) {

  /// What [#of] reads, of `mails AS mail` and its order.
  static final String COLUMNS =
      """
      mail.id, mail.edition, mail.status, mail.recipient, mail.attempts, mail.sent_at, mail.reason_code,
             mail.reason_message, mail.message_id, mail.content IS NOT NULL,
             o.erased_at IS NOT NULL OR (mail.kind = 'code' AND mail.code IS NULL), mail.first_sent_at
        FROM mails AS mail
        JOIN orders AS o ON o.id = mail.order_id
      """;

  static StoredMail of(ResultSet row) throws SQLException {
    return new StoredMail(
        row.getString(1),
        row.getInt(2),
        MailStatus.named(row.getString(3)),
        row.getString(4),
        row.getInt(5),
        Columns.instantOrNull(row, 6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getBoolean(10),
        row.getBoolean(11),
        Columns.instantOrNull(row, 12));
  }

  @Override
  public String toString() {
    return "StoredMail[" + id + "]";
  }
}
